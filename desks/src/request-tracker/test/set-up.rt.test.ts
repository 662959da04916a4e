import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { erasedDesk, type HeardRequest } from '@gatehouse/desk-kit';
import { processOf } from '@gatehouse/desk-kit/testing';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RequestTracker, startRequestTracker } from '../../../../test/servers/request-tracker/server.ts';
import { requestTracker } from '../request-tracker.ts';
import { fieldNames, runSetUp, settingsFor } from './under-test.ts';

/** What a secret may be made of, and what Perl, the shell and JSON give a meaning to. */
const webhookSecret = 'it\'s } a "secret" \\ $x @y #{z} %s ☃ é';
const heard: HeardRequest[] = [];
const listener = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += String(part);
  });
  request.on('end', () => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    heard.push({ headers, body });
    response.end();
  });
});
const opened: { rt: RequestTracker | null } = { rt: null };
const server = () => {
  if (opened.rt === null) throw new Error('it did not start');
  return opened.rt;
};
const settings = (more = {}) => ({
  ...settingsFor(server().origin, server().tokens.gatehouse ?? ''),
  ...{ webhookSecret, queues: 'General\nSecond line\n', newTicketQueue: 'Second line' },
  ...{ movesTickets: true, repliesToCustomers: true, ...more },
});
const around = () => ({
  webhookUrl: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook?it's=1`,
  startUrl: 'https://desk.example/desks/1/start?ticket={ticket}',
});
const process = (more = {}) => processOf({ desk: requestTracker, open: () => Promise.reject() }, settings(more));
const asAnn = (path: string, body: unknown, method = 'POST') =>
  fetch(`${server().origin}/REST/2.0${path}`, {
    method,
    headers: { authorization: `token ${server().tokens.ann}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  opened.rt = await startRequestTracker();
});
afterAll(async () => {
  listener.close();
  await opened.rt?.stop();
});

const counts = async () => {
  const printed = await server().shell(
    'perl -I/usr/share/request-tracker5/lib -MRT -e \'RT::LoadConfig(); RT::Init(); for my $class (qw(RT::CustomFields RT::Scrips RT::ObjectCustomFields RT::ObjectScrips RT::ACL)) { my $all = $class->new(RT->SystemUser); $all->UnLimit; print "$class ", $all->Count, "\\n" }\'',
  );
  return printed
    .split('\n')
    .filter((line) => line.startsWith('RT::'))
    .join();
};

/** A ticket as mail and other programs make one: without a word about sessions. */
const bare = async (): Promise<string> => {
  const headers = { authorization: `token ${server().tokens.root}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ Queue: 'General', Subject: 'Made by mail' });
  const made = await fetch(`${server().origin}/REST/2.0/ticket`, { method: 'POST', headers, body });
  return String(((await made.json()) as { id: number }).id);
};

test('tickets that are open already, and those that come, have the link that starts a session', async () => {
  const before = await bare();
  await runSetUp(server(), settings(), around());
  for (const id of [before, await bare()])
    expect(await pageOf(id)).toContain(`href="https://desk.example/desks/1/start?ticket=${id}"`);
});

test('the set-up may be run again: it changes nothing the second time, and says what it did the first time', async () => {
  const other = { fields: { ...fieldNames, sessionIds: 'Other Ids', sessionStartLink: 'Other Start' } };
  const first = await runSetUp(server(), settings(other), around());
  expect(first).toContain('done: custom field Other Ids');
  expect(first).not.toContain('NOT DONE');
  const before = await counts();
  const second = await runSetUp(server(), settings(other), around());
  expect(second).not.toContain('Gatehouse:');
  expect(await counts()).toBe(before);
});

test('what was entered anew takes the place of what the set-up put there', async () => {
  const before = await counts();
  const changed = await runSetUp(server(), settings({ webhookSecret: 'another' }), around());
  expect(changed.match(/Gatehouse: .*/g)).toEqual(['Gatehouse: done: webhook']);
  await runSetUp(server(), settings(), around());
  expect(await counts()).toBe(before);
});

test('a queue or an account that is not there is told, and the rest is done', async () => {
  expect(await runSetUp(server(), settings({ queues: 'No Such\nGeneral' }), around())).toContain(
    'NOT DONE: there is no queue No Such',
  );
  expect(await runSetUp(server(), settings({ token: `1-999-${'0'.repeat(32)}` }), around())).toContain(
    'NOT DONE: the account of the token is not there',
  );
});

test('a session makes a ticket, moves it, writes to its customer, and Request Tracker tells of what others do', async () => {
  const { desk, client } = process();
  heard.length = 0;
  const cursor = (await desk.changesSince?.(client, null))?.cursor ?? null;
  const made = await desk.createTicket?.(client, {
    ...{ subject: 'Überraschung <b>', html: '<p>made</p>', email: 'carol@customer.example', group: null },
    fields: {
      sessionIds: ['made-1'],
      sessionUrl: 'https://site.example/?key=1',
      sessionStartLink: 'Start',
      sessionKey: null,
    },
  });
  expect(made).toMatchObject({
    ...{ subject: 'Überraschung <b>', status: 'new', isOpen: true, group: 'Second line', assignee: null },
    requester: { login: 'carol', email: 'carol@customer.example', name: 'Carol' },
    fields: { sessionIds: ['made-1'], sessionUrl: 'https://site.example/?key=1', sessionKey: null },
  });
  const id = made?.id ?? '';
  expect(await desk.transition?.(client, id, 'open', null)).toMatchObject({
    isDenied: false,
    ticket: { status: 'open' },
  });
  expect(await desk.transition?.(client, id, 'no such status', null)).toMatchObject({ isDenied: true });
  expect(await desk.reply?.(client, id, { subject: 'Your key', html: '<p>key 0815-4711</p>' })).toMatchObject({
    state: 'done',
  });
  expect(server().mail()).toMatch(/To: carol@customer.example[\s\S]*0815-4711/);
  const closed = await desk.transition?.(client, id, 'resolved', null);
  expect(closed).toMatchObject({ isDenied: false, ticket: { status: 'resolved', isOpen: false } });
  // What the account itself did is not told: it would be an endless conversation.
  expect(heard).toEqual([]);
  await asAnn(`/ticket/${id}`, { Status: 'open' }, 'PUT');
  expect(heard).toHaveLength(1);
  const [request = { headers: {}, body: '' }] = heard;
  expect(await desk.hear?.(client, request)).toEqual({ ticket: id, what: 'changed' });
  expect(await desk.hear?.(process({ webhookSecret: 'another' }).client, request)).toBeNull();
  expect(await desk.hear?.(client, { ...request, body: request.body.replace('changed', 'created') })).toBeNull();
  const later = createHost({
    signal: AbortSignal.timeout(10_000),
    clock: createTestClock(new Date(Date.now() + 600_000)),
  });
  const { config, connect, hear } = erasedDesk(requestTracker);
  expect(await hear?.(connect(config.parse(settings()), later), request)).toBeNull();
  const changes = await desk.changesSince?.(client, cursor);
  expect(changes?.tickets).toEqual([id]);
  expect(await desk.changesSince?.(client, changes?.cursor ?? null)).toEqual({ tickets: [], cursor: changes?.cursor });
});

test('a page of a ticket has a link to the session and one that starts it, and none for what is no address', async () => {
  const { desk, client } = process();
  const made = await desk.createTicket?.(client, {
    ...{ subject: 'links', html: 'x', email: null, group: 'General' },
    fields: {
      sessionIds: [],
      sessionUrl: 'https://site.example/?key=1',
      sessionStartLink: 'Start',
      sessionKey: '<script>alert(1)</script>',
    },
  });
  const page = await pageOf(made?.id ?? '');
  expect(page).toContain('href="https://site.example/?key=1"');
  expect(page).toContain(`href="https://desk.example/desks/1/start?ticket=${made?.id}"`);
  expect(page).not.toContain('<script>alert(1)');
  await desk.setFields(client, made?.id ?? '', { sessionUrl: 'javascript:alert(1)' }, null);
  expect(await pageOf(made?.id ?? '')).not.toMatch(/href="javascript:alert/);
});

const pageOf = async (id: string): Promise<string> => {
  const { origin } = server();
  const form = new URLSearchParams({ user: 'ann', pass: 'password-of-ann' });
  const signedIn = await fetch(`${origin}/NoAuth/Login.html`, { method: 'POST', body: form, redirect: 'manual' });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return (await fetch(`${origin}/Ticket/Display.html?id=${id}`, { headers: { cookie } })).text();
};
