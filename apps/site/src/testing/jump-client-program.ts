import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ok } from '@gatehouse/server/testing';
import { until } from './errands.ts';
import type { TestSite } from './test-site.ts';

const main = join(import.meta.dirname, '../../../jump-client/src/main.ts');
/** A home without anybody's profile: what runs there may wait, or be left in the middle by a shell that a test ends. */
const env = { ...process.env, NODE_NO_WARNINGS: '1', TERM: 'xterm', HOME: tmpdir() };

/** The Jump Client as it is installed, in a process of its own. */
export interface JumpClientProgram {
  readonly home: string;
  start(): void;
  /** Resolves with its exit code when it is gone; null where a signal ended it. */
  readonly ended: () => Promise<number | null>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  status(): Promise<{ readonly isRunning: boolean; readonly standing: { state: string; sentence: string | null } }>;
  /** Uninstalls it; resolves with what was printed. */
  uninstall(): Promise<string>;
  /** Names in its folder. */
  files(): Promise<readonly string[]>;
  log(): Promise<string>;
  close(): Promise<void>;
}

/** An installer of the site: its id and its key. */
export const makeInstaller = async (host: TestSite, fields: object): Promise<{ id: number; key: string }> => {
  const { body } = await ok(host.operator.post('/api/jump-client-installers', JSON.parse(JSON.stringify(fields))));
  return { id: body.id, key: body.key_info.encodedInfo };
};

const run = async (...words: readonly string[]) => {
  const child = promisify(execFile)(process.execPath, [main, ...words], { env, timeout: 30_000 });
  child.child.stdin?.end();
  return (await child).stdout;
};

/** Installed by its command line, and not started. Rejects with what it printed. */
export const installJumpClient = async (
  site: string,
  key: string,
  ...flags: readonly string[]
): Promise<JumpClientProgram> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-jump-client-'));
  const keyFile = join(home, 'key.txt');
  await writeFile(keyFile, key, { mode: 0o600 });
  const words = ['install', '--home', home, '--no-service', '--site', site, '--key-file', keyFile, ...flags];
  await run(...words).finally(() => rm(keyFile));
  let child: ChildProcess | null = null;
  let ended: Promise<number | null> = Promise.resolve(null);
  const kill: JumpClientProgram['kill'] = async (signal = 'SIGKILL') => {
    child?.kill(signal);
    await ended;
  };
  const status = async () =>
    JSON.parse(
      await run('status', '--home', home, '--json').catch((error: unknown) =>
        error instanceof Error && 'stdout' in error ? String(error.stdout) : '',
      ),
    );
  return {
    ...{ home, kill, status },
    start() {
      child = spawn(process.execPath, [main, 'run', '--home', home], { env, stdio: 'ignore' });
      ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
    },
    ended: () => ended,
    uninstall: () => run('uninstall', '--home', home, '--yes'),
    files: () => readdir(home),
    log: () => readFile(join(home, 'logs', 'jump-client.log'), 'utf8').catch(() => ''),
    async close() {
      await kill('SIGTERM');
      // What a killed one had started may write down that it ends.
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
};

/** A Jump Client that is pinned and connected, by its id at the site. */
export const pinned = async (
  host: TestSite,
  fields: object,
  ...flags: readonly string[]
): Promise<JumpClientProgram & { readonly id: number }> => {
  const before = new Set((await clientsOf(host)).map(({ id }) => id));
  const { key } = await makeInstaller(host, fields);
  const client = await installJumpClient(host.url, key, ...flags);
  const id = (await clientsOf(host)).find((one) => !before.has(one.id))?.id ?? 0;
  client.start();
  await isOnline(host, id, client);
  return { ...client, id };
};

const clientsOf = async (host: TestSite): Promise<readonly { readonly id: number }[]> =>
  (await ok(host.operator.get('/api/jump-clients?limit=500'))).body.items;

export const isOnline = (host: TestSite, id: number, client: JumpClientProgram, status = 'online') =>
  until(
    async () => (await host.operator.get(`/api/jump-clients/${id}`)).body.status === status,
    () => client.log(),
  );
