import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFolders, textIn, until } from './testing/configured.ts';
import { type FakeSite, startFakeSite } from './testing/fake-site.ts';
import { type FakeVault, startFakeVault } from './testing/fake-vault.ts';

const folders = openFolders();
let site: FakeSite;
let vault: FakeVault;
beforeAll(async () => {
  site = await startFakeSite();
  vault = await startFakeVault();
});
afterAll(async () => {
  await site.close();
  await vault.server.close();
  folders.remove();
});
const cache = folders.make();

/** `gatehouse ecm …` as a process of its own. */
const start = (words: readonly string[], home: string, input = '', env: Record<string, string> = {}) => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'testing/command-process.ts'), ...words, '--home', home],
    {
      env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: cache, ...env },
    },
  );
  let printed = '';
  for (const out of [child.stdout, child.stderr])
    out.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stdin.on('error', () => undefined).end(input);
  const ended = once(child, 'close').then(([code]) => ({ code, printed }));
  return { child, ended, printed: () => printed };
};
const run = (...words: Parameters<typeof start>) => start(...words).ended;

test('an ECM is configured, tested, run, asked and cleared from the command line, for programs too', {
  timeout: 120_000,
}, async () => {
  const home = folders.make();
  const file = (name: string, text: string) => {
    const path = join(cache, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const words = [
    ...[
      'configure',
      '--site',
      site.url,
      '--client-id',
      'client-1',
      '--client-secret-file',
      file('a', 'client-secret\n'),
    ],
    ...[
      '--plugin',
      'memory',
      '--set',
      `url=${vault.origin}`,
      '--set-file',
      `password=${file('b', 'vault-password\n')}`,
    ],
  ];
  const bad = await run([...words, '--set', 'nothing=1'], home);
  expect([bad.code, bad.printed]).toEqual([1, expect.stringContaining('There are: url, password, domains, falls.')]);
  const seen = await run([...words, '--set', 'password=x'], home);
  expect(seen.printed).toContain('Use --set-file password=<file>');
  site.knobs.tokenOk = false;
  expect((await run(words, home)).printed).toContain('Nothing was saved.');
  site.knobs.tokenOk = true;
  expect((await run(['status'], home)).code).toBe(1);

  const configured = await run([...words, '--set', 'falls=yes'], home);
  expect([configured.code, configured.printed]).toEqual([0, expect.stringContaining('The site lets this ECM in.')]);
  expect(JSON.parse(readFileSync(join(home, 'ecm.json'), 'utf8')).plugin.settings).toEqual({
    url: vault.origin,
    falls: true,
  });

  const found = await run(['test', '--user', 'NS\\u', '--endpoint', 'web1'], home);
  expect(found).toEqual({ code: 0, printed: 'Found 1 credential:\nweb1\\root\n' });
  const none = await run(['test', '--user', 'nobody', '--endpoint', 'web1', '--json'], home);
  expect(JSON.parse(none.printed)).toMatchObject({
    labels: [],
    failed: false,
    trace: [expect.stringContaining('"nobody"')],
  });

  const running = start(['run'], home);
  await site.connected();
  await until(() => readFileSync(join(home, 'state.json'), 'utf8').includes('"connected"'), running.printed);
  expect(JSON.parse((await run(['status', '--json'], home)).printed)).toMatchObject({ isRunning: true, leases: 0 });
  running.child.kill();
  expect((await running.ended).code).toBe(0);
  expect(JSON.parse((await run(['clear-tokens', '--json'], home)).printed)).toEqual({ cleared: 0 });
  mkdirSync(join(home, 'plugins'), { mode: 0o700 });
  writeFileSync(join(home, 'plugins', 'broken.mjs'), 'export default {', { mode: 0o600 });
  const plugins = JSON.parse((await run(['plugins', '--json'], home)).printed);
  expect(plugins).toMatchObject({
    plugins: [{ id: 'memory', file: null }],
    unusable: [{ reason: expect.stringContaining('no JavaScript that this version of Node understands') }],
  });
  expect((await run(['service', '--print'], home)).printed).toMatch(
    /Description=Gatehouse ECM[\s\S]*systemd-creds encrypt/,
  );
  expect(textIn(home)).not.toMatch(/client-secret|vault-password|token-of-vault/);
  expect((await run(['uninstall', '--yes'], home)).printed).toContain('was removed');
  expect((await run(['run'], home)).code).toBe(78);
});

test('who is not asked by flags is asked in lines, and a wrong plugin is named', async () => {
  const home = folders.make();
  const lines = [site.url, 'client-1', 'client-secret', '', ''].join('\n');
  const asked = await run(['configure', '--no-test', '--set', `url=${vault.origin}`], home, lines);
  expect([asked.code, asked.printed]).toEqual([1, expect.stringContaining('password: ')]);
  expect(asked.printed).not.toContain('client-secret\n');
  const other = await run(['configure', '--no-test', '--plugin', 'nothing'], home, lines);
  expect(other.printed).toContain('Plugin (--plugin): Answer memory.');
});

test('the page of the Configurator is on loopback and prints an address that works once', async () => {
  const page = start(['configure', '--web'], folders.make());
  await until(() => page.printed().includes('token='), page.printed);
  const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(page.printed())?.[0] ?? '';
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(403);
  page.child.kill('SIGINT');
  expect((await page.ended).code).toBe(0);
});
