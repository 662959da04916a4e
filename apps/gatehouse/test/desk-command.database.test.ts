import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deskCommand, deskCommands } from '../src/desk/index.ts';
import { type RunningUp, startGatehouse } from '../src/testing/running.ts';
import { typed } from '../src/testing/typed.ts';

const root = join(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'gatehouse-desk-command-'));
let held: TestDatabase;
let desk: RunningUp;

beforeAll(async () => {
  chmodSync(home, 0o711);
  held = await testDatabase({ migrations: [] });
  const words = ['desk', 'start', '--home', home, '--port', '0', '--database-url', held.url];
  desk = await startGatehouse(words, 'desk');
}, 90_000);
afterAll(async () => {
  await desk?.stop();
  await held?.close();
  rmSync(home, { recursive: true, force: true });
});

const run = (...words: string[]) => typed(deskCommand(root), [...words, '--home', home]);
const json = async (...words: string[]) => {
  const { stdout, stderr } = await run(...words, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('a case is made, given to somebody, noted, found, merged and closed', async () => {
  await json('people', 'add', '--name', 'Zoë', '--email', 'zoe@customer.example');
  const invited = await json('people', 'add', '--name', 'Ann', '--email', 'ann@example.com', '--role', 'technician');
  expect(invited.link).toContain('/welcome#');
  await json('people', 'change', 'ann@example.com', '--login', 'ann');
  await json('teams', 'add', '--name', 'First line');
  expect((await run('teams', 'put', 'First line', 'ann')).stdout).toBe('Done.\n');
  expect((await run('teams', 'members', 'First line')).stdout).toContain('Ann');
  const file = join(home, 'fields.json');
  writeFileSync(file, '{"Session IDs":["abc-1"]}');
  const made = await json('cases', 'create', '--subject', 'Fire', '--team', 'First line', '--fields', file);
  expect(made).toMatchObject({ number: expect.stringMatching(/^SC-/), team: { name: 'First line' } });
  const wrong = await run('cases', 'assign', made.number, '--to', 'zoe@customer.example');
  expect(wrong.stderr).toContain('assignee: Zoë does not work at this desk.');
  expect((await json('cases', 'assign', made.number, '--to', 'ann')).assignee.login).toBe('ann');
  expect(await json('cases', 'note', made.number, '--text', 'a <b> & c', '--minutes', '5')).toMatchObject({
    ...{ html: '<p>a &lt;b&gt; &amp; c</p>', visibility: 'internal', minutes: 5 },
  });
  expect((await run('cases', 'list', '--search', 'abc-1')).stdout).toContain(made.number);
  expect((await run('cases', 'list', '--assignee', 'none')).stdout).not.toContain(made.number);
  const other = await json('cases', 'create', '--subject', 'Smoke', '--table', 'helpdesk');
  expect((await json('cases', 'merge', made.number, '--into', other.number)).merged).toEqual([made.number]);
  expect((await run('cases', 'notes', made.number)).stdout).toContain('internal');
  expect((await json('cases', 'close', made.number)).status).toBe('closed');
  expect((await run('cases', 'history', other.number)).stdout).toContain('merge-in');
});

test('an account prints its token once', async () => {
  const { account, token } = await json(
    'accounts',
    'add',
    '--login',
    'sessions',
    '--permission',
    'cases.read',
    'notes.read',
  );
  expect(account.permissions).toEqual(['cases.read', 'notes.read']);
  expect(token).toMatch(/^ghd_/);
  expect((await run('accounts', 'list', '--json')).stdout).not.toContain(token);
  expect((await json('accounts', 'token', 'sessions')).token).not.toBe(token);
});

test('a site and a connection are added, tried, changed and removed, and the address for events is printed once', async () => {
  const [secret, settings] = [join(home, 'secret.txt'), join(home, 'settings.json')];
  writeFileSync(secret, 'hidden-secret\n');
  writeFileSync(
    settings,
    '{"url":"http://127.0.0.1:9","token":"hidden-token","table":"support","fields":{"sessionIds":"Session IDs"}}',
  );
  const address = ['--address', 'http://127.0.0.1:9'];
  const site = await json(
    ...['sites', 'add', '--name', 'Support', ...address, '--client-id', 'me', '--client-secret', secret],
  );
  expect(site).toMatchObject({ name: 'Support', clientId: 'me', clientSecret: { isSet: true } });
  const again = ['sites', 'add', '--name', 'support', ...address, '--client-id', 'me', '--client-secret', secret];
  expect((await run(...again)).stderr).toContain('There is a site with this name already.');
  const other = ['sites', 'change', site.siteId, '--client-id', 'you'];
  expect((await run(...other)).stderr).toContain('Enter the secret again');
  expect((await json(...other, '--client-secret', secret)).clientId).toBe('you');
  expect(
    await json('sites', 'try', '--name', 'New', ...address, '--client-id', 'me', '--client-secret', secret),
  ).toEqual({
    ...{ ok: false, steps: expect.any(Array) },
  });
  const tried = await json('connections', 'try', '--desk', 'builtin', '--settings', settings);
  expect(tried).toMatchObject({ ok: false });
  expect(await json('sites', 'test', site.siteId)).toMatchObject({ ok: false });
  const made = await json(
    ...['connections', 'add', '--name', 'Cases', '--desk', 'builtin', '--site', site.siteId, '--settings', settings],
    ...['--sender', '127.0.0.1', '--to', 'team', '--team', 'First line'],
  );
  expect(made).toMatchObject({ assignment: { to: 'team', team: 'First line' }, settings: { token: { isSet: true } } });
  expect(made.eventsUrl).toContain('?KB=');
  const secretOfUrl = new URL(made.eventsUrl).searchParams.get('KB') ?? '?';
  const shown = await run('connections', 'show', '--connection', 'cases', '--json');
  for (const hidden of [secretOfUrl, 'hidden-token', 'hidden-secret']) expect(shown.stdout).not.toContain(hidden);
  const { eventsUrl } = await json('connections', 'secret', '--connection', 'Cases');
  expect(eventsUrl).not.toBe(made.eventsUrl);
  const whole = { version: '1.25.1', timestamp: '1700000000', appliance_id: 'site', external_key: 'SC-1001' };
  const send = (to: string, lsid: string, rest: Record<string, string> = whole) =>
    fetch(new URL(new URL(to).search, new URL('/extension/connect/events', desk.url)), {
      ...{ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      body: new URLSearchParams({ event: 'support_conference_begin', lsid, ...rest }),
    });
  expect((await send(made.eventsUrl, 'a'.repeat(32))).status).toBe(404);
  expect((await send(eventsUrl, 'a'.repeat(32))).status).toBe(200);
  const [event] = [await json('events', 'list')].flat();
  expect(event).toMatchObject({ event: 'support_conference_begin', lsid: 'a'.repeat(32), problem: '' });
  expect((await run('events', 'list', '--problems')).stdout).toBe('None.\n');
  expect((await send(eventsUrl, 'b'.repeat(32), {})).status).toBe(200);
  expect((await run('events', 'list', '--problems')).stdout).toContain('It has no version');
  expect((await run('events', 'replay', event.eventId)).stdout).toBe('Done.\n');
  expect(await json('sessions', 'show', event.lsid, '--connection', 'Cases')).toMatchObject({ lsid: event.lsid });
  expect((await run('sessions', 'list')).stdout).toContain(event.lsid);
  expect((await run('sessions', 'replay', event.lsid, '--connection', 'Cases')).stdout).toBe('Done.\n');
  const wrong = await run('connections', 'change', '--connection', 'Cases', '--redact', '(');
  expect(wrong.stderr).toContain('redact.0: Line 1');
  expect((await json('connections', 'change', '--connection', 'Cases', '--enabled', 'false')).enabled).toBe(false);
  expect(await json('connections', 'test', '--connection', 'Cases')).toMatchObject({ ok: false });
  expect((await run('connections', 'desks')).stdout).toContain('redmine');
  expect((await run('sites', 'delete', site.siteId)).stderr).toContain('Connections use this site: Cases.');
  expect((await run('connections', 'delete', '--connection', 'Cases')).stdout).toBe('Done.\n');
  expect((await run('sites', 'delete', site.siteId)).stdout).toBe('Done.\n');
});

test('a mail server is entered, tried and taken away, and its password is printed nowhere', async () => {
  const file = join(home, 'mail-password.txt');
  writeFileSync(file, 'hidden-password\n');
  const server = ['--server', '127.0.0.1', '--port', '9', '--sender', 'desk@corp.example', '--user-name', 'desk'];
  const wrong = await run('mail', 'set', ...server, '--password', file, '--security', 'none');
  expect(wrong.stderr).toContain('security: The password would go over the line unencrypted.');
  const entered = await json('mail', 'set', ...server, '--password', file);
  expect(entered.settings).toMatchObject({ server: '127.0.0.1', security: 'starttls', password: { isSet: true } });
  expect(await json('mail', 'test')).toMatchObject({ ok: false, steps: [{ ok: false }] });
  const shown = await run('mail', 'show', '--json');
  expect(`${shown.stdout}${JSON.stringify(entered)}`).not.toContain('hidden-password');
  expect((await run('mail', 'list')).stdout).toBe('None.\n');
  expect((await run('mail', 'remove')).stdout).toBe('Done.\n');
  expect((await json('mail', 'show')).settings).toBe(null);
});

test('every path it sends to is one that the desk describes, and every command has an example that calls it', async () => {
  const described: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
    await (await fetch(`${new URL(desk.url).origin}/openapi.json`)).text(),
  );
  for (const { name, method, path, examples } of deskCommands) {
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    expect(described.paths[template]?.[method.toLowerCase()], `${name}: ${method} ${path}`).toBeDefined();
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toContain(`gatehouse desk ${name}`);
  }
});
