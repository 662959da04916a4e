import { processOf } from '@gatehouse/desk-kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Redmine, startRedmine } from '../../../../test/servers/redmine/server.ts';
import { redmine } from '../redmine.ts';
import { verbatim } from '../write.ts';
import { fieldNames, runSetUps, settingsFor } from './under-test.ts';

const opened: { server: Redmine | null; first: string; before: string } = { server: null, first: '', before: '' };
const server = () => {
  if (opened.server === null) throw new Error('it did not start');
  return opened.server;
};
const settings = (more = {}) => ({
  ...settingsFor(server().origin, server().keys.gatehouse ?? ''),
  ...{ makesIssues: true, ...more },
});
const around = (startUrl: string) => ({ webhookUrl: null, startUrl });
const start = "https://desk.example/desks/1/start?it's=\\1&ticket={ticket}";
const process = (more = {}) => processOf({ desk: redmine, open: () => Promise.reject() }, settings(more));
const asAdmin = async (path: string) => {
  const headers = { 'x-redmine-api-key': server().keys.admin ?? '' };
  return (await fetch(`${server().origin}${path}`, { headers })).json();
};
/** An issue as mail and other programs make one: without a word about sessions. */
const bare = async (): Promise<string> => {
  const headers = { 'x-redmine-api-key': server().keys.admin ?? '', 'content-type': 'application/json' };
  const body = JSON.stringify({ issue: { project_id: 'support', subject: 'Made by mail' } });
  const made = await fetch(`${server().origin}/issues.json`, { method: 'POST', headers, body });
  return String(((await made.json()) as { issue: { id: number } }).issue.id);
};
const counts = async () => [
  (await asAdmin('/custom_fields.json')).custom_fields.length,
  (await asAdmin('/roles.json')).roles.length,
  (await asAdmin('/projects/support/memberships.json')).total_count,
];

beforeAll(async () => {
  opened.server = await startRedmine();
  opened.before = await bare();
  const [first = ''] = await runSetUps(server(), [settings(), around('https://elsewhere.example/{ticket}')]);
  opened.first = first;
});
afterAll(() => opened.server?.stop());

test('the set-up may be run again: it changes nothing the second time, and what was entered anew counts', async () => {
  const { first } = opened;
  expect(first).toContain(`done: custom field ${fieldNames.sessionIds}`);
  expect(first).not.toContain('NOT DONE');
  const before = await counts();
  const [changed, again, nowhere, nobody] = await runSetUps(
    server(),
    [settings(), around(start)],
    [settings(), around(start)],
    [settings({ project: 'nowhere' }), around(start)],
    [settings({ apiKey: 'other' }), around(start)],
  );
  expect(changed?.match(/Gatehouse: .*/g)).toEqual([
    `Gatehouse: done: custom field ${fieldNames.sessionStartLink}: link`,
  ]);
  expect(again).not.toContain('Gatehouse:');
  expect(nowhere).toContain('NOT DONE: there is no project nowhere');
  expect(nobody).toContain('NOT DONE: the account of the API key is not there');
  expect(await counts()).toEqual(before);
});

test('a session makes an issue and moves it, where the workflow of its role lets it', async () => {
  const { desk, client } = process();
  const made = await desk.createTicket?.(client, {
    ...{ subject: 'Überraschung <b>', html: '<p>made</p>', email: 'carol@customer.example', group: null },
    fields: { sessionIds: ['made-1', 'made-2'], sessionKey: null },
  });
  expect(made).toMatchObject({
    ...{ subject: 'Überraschung <b>', isOpen: true, group: 'Support' },
    fields: { sessionIds: ['made-1', 'made-2'], sessionKey: null },
  });
  expect(await desk.transition?.(client, made?.id ?? '', 'no such status', null)).toMatchObject({ isDenied: true });
  expect(await desk.transition?.(client, '999999', 'New', null)).toEqual({ state: 'gone' });
});

const pageOf = async (path: string): Promise<string> => {
  const { origin } = server();
  const cookies = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  const form = await fetch(`${origin}/login`);
  const [, token = ''] = /name="authenticity_token" value="([^"]+)"/.exec(await form.text()) ?? [];
  const body = new URLSearchParams({ username: 'ann', password: 'password-of-ann', authenticity_token: token });
  const signedIn = await fetch(`${origin}/login`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { cookie: cookies(form) },
  });
  return (await fetch(`${origin}${path}`, { headers: { cookie: cookies(signedIn) } })).text();
};

test('issues that are open already, and those that come, have the link that starts a session', async () => {
  for (const id of [opened.before, await bare()])
    expect(await pageOf(`/issues/${id}`)).toMatch(
      new RegExp(`href="https://desk.example/desks/1/start\\?[^"]*ticket=${id}"`),
    );
});

const hostile = [
  'line one',
  '</pre><img src="https://evil.example/x">',
  '<code>c</code>',
  '!https://evil.example/y.png!',
  '{{include(Wiki)}}',
  '"link":javascript:alert(1)',
  '*bold*',
  '```',
  '@ann',
  '#1',
  '<script>alert(1)</script>',
].join('\n');

test('a page of an issue shows a note as the text that it is, and has links to the session', async () => {
  const { desk, client } = process();
  const made = await desk.createTicket?.(client, {
    ...{ subject: 'page', html: 'x', email: null, group: null },
    fields: { sessionUrl: 'https://site.example/?key=1', sessionStartLink: 'Start', sessionIds: [] },
  });
  const text = hostile.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>');
  const marker = { session: 'page', part: 'chat', revision: 1 };
  await desk.addNote(client, made?.id ?? '', { marker, title: '</pre><b>t</b>', html: `<p>${text}</p>` }, null);
  const page = await pageOf(`/issues/${made?.id}`);
  expect(page).toContain('href="https://site.example/?key=1"');
  expect(page).toMatch(new RegExp(`href="https://desk.example/desks/1/start\\?[^"]*ticket=${made?.id}"`));
  const note = page.slice(page.indexOf('line one'), page.indexOf('[session page'));
  expect(note).toContain('*bold*');
  expect(note.slice(0, note.lastIndexOf('</pre>'))).not.toMatch(/<(?!\/?pre|\/?code)[a-z]/i);
});

test('a fence of Markdown is longer than any in the text', () => {
  expect(verbatim('a ```` b', 'markdown')).toBe('`````\na ```` b\n`````');
  expect(verbatim('a', 'markdown')).toBe('```\na\n```');
});

test('a field that is no filter is told instead of finding every issue', async () => {
  const { desk, client } = process();
  await server().runner(
    'unfilter.rb',
    `f = IssueCustomField.find_by_name('${fieldNames.sessionIds}'); f.is_filter = false; f.save!`,
  );
  await expect(desk.findTicketsByField(client, 'sessionIds', 'made-1')).rejects.toMatchObject({
    ...{ kind: 'misconfigured', advice: expect.stringContaining('Used as a filter') },
  });
});

test('a note is not sent at all where it would be public', async () => {
  const owner = process();
  const draft = { subject: 'quiet', html: 'x', email: null, group: null, fields: {} };
  const made = await owner.desk.createTicket?.(owner.client, draft);
  const { desk, client, log } = process({ apiKey: server().keys['without-set_notes_private'] });
  const marker = { session: 'public', part: 'chat', revision: 1 };
  const written = desk.addNote(client, made?.id ?? '', { marker, title: 't', html: 'secret words' }, null);
  await expect(written).rejects.toMatchObject({
    ...{ kind: 'forbidden', advice: expect.stringContaining('set_notes_private') },
  });
  expect(log.filter(({ method }) => method !== 'GET')).toEqual([]);
});
