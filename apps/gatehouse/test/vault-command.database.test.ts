import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningUp, startGatehouse } from '../src/testing/running.ts';
import { typed } from '../src/testing/typed.ts';
import { vaultCommand, vaultCommands } from '../src/vault/index.ts';

const root = join(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'gatehouse-vault-command-'));
const file = (name: string, text: string) => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};
let held: TestDatabase;
let vault: RunningUp;

beforeAll(async () => {
  chmodSync(home, 0o711);
  held = await testDatabase({ migrations: [] });
  const words = ['vault', 'start', '--home', home, '--port', '0', '--database-url', held.url, '--reveal'];
  vault = await startGatehouse(words, 'vault');
}, 90_000);
afterAll(async () => {
  await vault?.stop();
  await held?.close();
  rmSync(home, { recursive: true, force: true });
});

const run = (...words: string[]) => typed(vaultCommand(root), [...words, '--home', home]);
const json = async (...words: string[]) => {
  const { stdout, stderr } = await run(...words, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('credentials come in from a file and go out without passwords, or sealed with them', {
  timeout: 120_000,
}, async () => {
  const heading = 'System_Name,InstanceName,Namespace,AccountName,Password,Comment,AssetTag\n';
  const wrong = await run(
    'credentials',
    'import',
    file('wrong.csv', `${heading}web1,,[Linux],root,planted-1\n,,x,y,z`),
  );
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('line 3, System_Name: Enter the name of the system.');
  expect(await json('credentials', 'import', file('all.csv', `${heading}web1,,[Linux],root,planted-1`))).toMatchObject({
    ...{ created: 1, systemsCreated: 1 },
  });
  expect((await run('credentials', 'export')).stdout).toContain('web1,,[Linux],root,,,');
  const phrase = file('phrase.txt', 'a passphrase of some length\n');
  const sealed = await run('credentials', 'export-sealed', '--passphrase-file', phrase);
  expect(sealed.stdout).not.toContain('planted');
  const opened = await run('credentials', 'open', file('all.sealed', sealed.stdout), '--passphrase-file', phrase);
  expect(opened.stdout).toContain('web1,,[Linux],root,planted-1,,');
});

test('secrets come from files or are made, and never from the arguments', async () => {
  const { systemId } = await json('systems', 'add', '--name', 'db1', '--kind', 'postgresql');
  const secret = ['--secret-file', file('app.txt', 'planted-2\n')];
  const made = await json('credentials', 'add', '--system', systemId, '--account', 'app', ...secret);
  expect(made).toMatchObject({ namespace: '[PostgreSQL]', hasSecret: true, isRandom: false });
  expect((await run('credentials', 'store', made.credentialId, '--random')).stdout).toBe('Done.\n');
  expect(await json('credentials', 'show', made.credentialId)).toMatchObject({ isRandom: true, formerSecrets: 1 });
  const identity = await json('identities', 'add', '--kind', 'explicit', '--name', 'svc', '--random');
  expect(identity.password).toHaveLength(24);
  const given = ['--identity', identity.identityId, '--credential', made.credentialId, '--view-passwords', '--spin'];
  expect(await json('delegations', 'give', ...given)).toMatchObject({
    viewPasswords: true,
    spin: true,
    grantRequests: false,
  });
  expect((await run('identities', 'delete', identity.identityId)).stderr).toContain('its delegation on app (db1)');
  expect((await run('identities', 'delete', identity.identityId, '--force')).stdout).toBe('Done.\n');
});

test('the audit is verified and exported', async () => {
  expect(await json('audit', 'verify')).toMatchObject({ isWhole: true });
  expect((await run('audit', 'export', '--format', 'cef', '--event', '9012')).stdout).toMatch(/^CEF:0\|Gatehouse\|/);
});

test('a password is checked out in the name of an identity, never printed, and sealed where it must be had', async () => {
  const { systemId } = await json('systems', 'add', '--name', 'app1', '--kind', 'linux');
  const secret = ['--secret-file', file('root.txt', 'planted-3\n')];
  const { credentialId } = await json('credentials', 'add', '--system', systemId, '--account', 'root', ...secret);
  const add = async (name: string) =>
    (await json('identities', 'add', '--kind', 'explicit', '--name', name, '--random')).identityId;
  const [asker, approver] = [await add('asker'), await add('approver')];
  const give = (identity: string, ...rights: string[]) =>
    json('delegations', 'give', '--identity', identity, '--credential', credentialId, ...rights);
  await give(asker, '--request-passwords');
  await give(approver, '--view-accounts', '--grant-requests');
  const why = ['--comment', 'Ticket 1'];
  const out = ['checkouts', 'out', '--credential', credentialId, ...why];
  expect((await run(...out)).stderr).toContain('--identity');
  expect((await run(...out, '--identity', asker)).stderr).toMatch(/request/i);

  const { requestId } = await json('requests', 'ask', '--credential', credentialId, ...why, '--identity', asker);
  expect((await run('requests', 'list')).stdout).toContain('pending');
  expect((await run('requests', 'grant', requestId, ...why, '--identity', asker)).code).toBe(1);
  expect(await json('requests', 'grant', requestId, ...why, '--identity', approver)).toMatchObject({
    ...{ state: 'granted', decidedBy: 'approver' },
  });
  const held = await json(...out, '--identity', asker);
  expect(held).toMatchObject({ about: "(app1)'[Linux]\\root'", holder: 'asker', checkedInAt: null });
  expect((await run('checkouts', 'list')).stdout).toContain(held.checkoutId);
  const phrase = file('phrase2.txt', 'a passphrase of some length\n');
  const sealed = await run('checkouts', 'seal', held.checkoutId, '--passphrase-file', phrase);
  expect(sealed.stdout + JSON.stringify(held)).not.toContain('planted');
  const opened = await run('credentials', 'open', file('root.sealed', sealed.stdout), '--passphrase-file', phrase);
  expect(opened.stdout).toBe('planted-3\n');
  expect(await json('checkouts', 'in', held.checkoutId)).toMatchObject({ endedBy: 'administrator' });
  expect((await run('checkouts', 'seal', held.checkoutId, '--passphrase-file', phrase)).code).toBe(1);
  expect((await run('audit', 'list', '--event', '2002', '--json')).stdout).toContain(
    '"impersonator":"Operator of this machine"',
  );
  const denied = await json('requests', 'ask', '--credential', credentialId, ...why, '--identity', asker);
  expect((await json('requests', 'deny', denied.requestId, ...why, '--identity', approver)).state).toBe('denied');
});

test('jobs are made, shown, run and cancelled', async () => {
  const { systemId } = await json('systems', 'add', '--name', 'far', '--kind', 'linux', '--address', '127.0.0.1:1');
  const secret = ['--secret-file', file('far.txt', 'planted-4\n')];
  const { credentialId } = await json('credentials', 'add', '--system', systemId, '--account', 'root', ...secret);
  const daily = file('daily.json', '{"kind":"daily","hour":2,"minute":30}');
  const words = ['jobs', 'add', '--kind', 'verify', '--credential', credentialId, '--schedule-file', daily];
  const { jobId } = await json(...words, '--attempts', '1');
  expect(await json('jobs', 'show', String(jobId))).toMatchObject({
    ...{ state: 'waiting', schedule: { kind: 'daily' }, settings: { attempts: 1 }, targets: [{ systemName: 'far' }] },
  });
  expect((await json('jobs', 'run', String(jobId))).jobId).toBe(jobId);
  expect((await run('jobs', 'list')).stdout).toContain('verify');
  expect((await json('credentials', 'verify', credentialId)).jobId).toBeGreaterThan(jobId);
  const spin = (await json('credentials', 'spin', credentialId)).jobId;
  expect((await run('jobs', 'delete', String(spin))).stderr).toContain('Cancel it first');
  expect(await json('jobs', 'cancel', String(spin))).toMatchObject({ state: 'cancelled' });
  await json('jobs', 'add', '--kind', 'password_change', '--template-for', 'linux');
  expect((await run('jobs', 'list', '--templates')).stdout).toContain('linux');
});

test('people, custom platforms and receivers of the audit are kept', async () => {
  const invited = await json('people', 'invite', '--email', 'bea@example.com', '--name', 'Bea');
  expect(invited.link).toContain('/welcome');
  expect((await run('people', 'list')).stdout).toContain('bea@example.com');
  await run('people', 'change', invited.personId, '--system-administrator', 'true');
  const people = (await run('people', 'list', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(people.find(({ email }) => email === 'bea@example.com')).toMatchObject({ systemAdministrator: true });
  expect((await run('people', 'delete', invited.personId)).stdout).toBe('Done.\n');

  const rules = { how: 'commands', verify: null, change: 'set {account}', refusedCode: 2 };
  const radio = ['--name', 'Radio', '--rules-file', file('radio.json', JSON.stringify(rules))];
  const { platformId } = await json('platforms', 'add', ...radio);
  expect((await json('platforms', 'change', platformId, ...radio, '--comment', 'Masts')).comment).toBe('Masts');
  expect((await json('platforms', 'show', platformId)).rules).toEqual(rules);
  const mast = await json('systems', 'add', '--name', 'mast', '--kind', 'other', '--platform', platformId);
  expect(mast.platformName).toBe('Radio');

  const siem = ['--name', 'SIEM', '--transport', 'tcp', '--host', '127.0.0.1', '--port', '1'];
  const { receiverId } = await json('receivers', 'add', ...siem);
  expect(await json('receivers', 'test', receiverId)).toMatchObject({ works: false });
  expect(await json('receivers', 'change', receiverId, '--enabled', 'false')).toMatchObject({ health: 'paused' });
  expect((await run('receivers', 'list')).stdout).toContain('paused');
});

test('every path it sends to is one that the vault describes, and every command has an example that calls it', async () => {
  const described: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
    await (await fetch(`${vault.url}/openapi.json`)).text(),
  );
  for (const { name, method, path, examples } of vaultCommands) {
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    expect(described.paths[template]?.[method.toLowerCase()], `${name}: ${method} ${path}`).toBeDefined();
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toContain(`gatehouse vault ${name}`);
  }
});
