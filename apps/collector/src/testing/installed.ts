import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeviceKey, realDisk } from '@gatehouse/host/agent';
import { Secret } from '@gatehouse/kernel';
import { register } from '../install/register.ts';
import { writeSettings } from '../settings/index.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';
import { type MadeUpDirectory, madeUp, startDirectory } from './made-up.ts';

/** A collector that is installed and not started, with a server and a directory for it. */
export interface Installed {
  readonly home: string;
  readonly server: FakeServer;
  readonly directory: MadeUpDirectory;
  /** Everything that the collector wrote down, as text, to search it. */
  written(): string;
  /** Its log. */
  logged(): string;
  close(): Promise<void>;
}

export const source = { kind: 'active-directory', id: 'S-1-5-21-1-2-3', name: 'made-up.example' } as const;

export const installOne = async (
  more: { spoolBytes?: number; releaseKey?: string; home?: string } = {},
): Promise<Installed> => {
  const home = more.home ?? mkdtempSync(join(tmpdir(), 'gatehouse-collector-'));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const server = await startFakeServer();
  const directory = await startDirectory();
  if (more.releaseKey !== undefined) server.knobs.releaseKey = more.releaseKey;
  const deviceKey = await makeDeviceKey();
  const way = { url: server.url, certificateAuthorities: null, proxy: null };
  const ends = AbortSignal.timeout(10_000);
  const registered = await register(way, new Secret('installation-key-of-the-tests'), deviceKey, ends);
  const settings = { address: directory.origin, bindName: 'reader', password: directory.knobs.password };
  await writeSettings(
    realDisk,
    home,
    {
      ...{ server: way, registered, deviceKey, installedAt: new Date().toISOString(), logLevel: 'debug' },
      ...{ sources: [{ source, settings }], spoolBytes: more.spoolBytes ?? 100_000_000 },
    },
    [madeUp],
  );
  return {
    ...{ home, server, directory },
    written: () => textIn(home),
    logged: () => readFileSync(join(home, 'logs', 'collector.log'), 'utf8'),
    async close() {
      await server.close();
      await directory.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

const textIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');

/** A process of ours, with all that it printed. */
export interface Running {
  readonly child: ChildProcess;
  printed(): string;
  /** Resolves with its exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

export const startProcess = (
  file: string,
  args: readonly string[],
  more: { env?: Record<string, string>; input?: string } = {},
): Running => {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...more.env },
  });
  let printed = '';
  for (const out of [child.stdout, child.stderr])
    out?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  child.stdin?.on('error', () => undefined).end(more.input ?? '');
  const ended = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { child, printed: () => printed, ended };
};

/** Resolves as soon as it is true; rejects with what was printed and heard when it does not become so. */
export const until = async (isTrue: () => boolean | Promise<boolean>, about: () => string = () => '', ms = 20_000) => {
  const end = Date.now() + ms;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It did not become true. ${about()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
