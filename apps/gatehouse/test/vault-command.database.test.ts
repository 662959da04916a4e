import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { Fault } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { auditCommands } from '../src/vault/audit-commands.ts';
import { credentialsCommands } from '../src/vault/credentials-commands.ts';
import { delegationCommands } from '../src/vault/delegation-commands.ts';
import { identitiesCommands } from '../src/vault/identities-commands.ts';
import { vaultCommand } from '../src/vault/index.ts';
import { listsCommands } from '../src/vault/lists-commands.ts';
import { policiesCommands } from '../src/vault/policies-commands.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const commands = [
  ...[credentialsCommands, policiesCommands, listsCommands, identitiesCommands, delegationCommands, auditCommands],
].flat();
const home = mkdtempSync(join(tmpdir(), 'gatehouse-vault-command-'));
const file = (name: string, text: string) => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};
let held: TestDatabase;
let stop = async () => {};
let url = '';

beforeAll(async () => {
  chmodSync(home, 0o711);
  held = await testDatabase({ migrations: [] });
  const words = ['vault', 'start', '--home', home, '--port', '0', '--database-url', held.url, '--reveal'];
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  stop = async () => {
    child.kill('SIGINT');
    await ended;
  };
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes('Stop with Ctrl-C')) resolve();
      });
    ended.then(() => reject(new Error(printed)));
  });
  url = /vault\s+(http:\S+)/.exec(printed)?.[1] ?? '';
}, 90_000);
afterAll(async () => {
  await stop();
  await held?.close();
  rmSync(home, { recursive: true, force: true });
});

/** In this process: starting one for each command would take longer than everything else. */
const run = async (...words: string[]) => {
  let stdout = '';
  const writing = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  });
  try {
    await vaultCommand(join(import.meta.dirname, '../../..')).parseAsync([...words, '--home', home], { from: 'user' });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    return { code: 1, stdout, stderr: error instanceof Fault ? error.advice : String(error) };
  } finally {
    writing.mockRestore();
  }
};
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

test('every path it sends to is one that the vault describes, and every command has an example that calls it', async () => {
  const described: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
    await (await fetch(`${url}/openapi.json`)).text(),
  );
  for (const { name, method, path, examples } of commands) {
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    expect(described.paths[template]?.[method.toLowerCase()], `${name}: ${method} ${path}`).toBeDefined();
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toContain(`gatehouse vault ${name}`);
  }
});
