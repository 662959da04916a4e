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
