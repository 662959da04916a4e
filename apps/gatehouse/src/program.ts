import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, type Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { table } from './terminal.ts';

/** What a program says to the process that started it, once it is ready or when it cannot start. */
const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.string(), firstAdministratorLink: z.string().nullable() }),
  z.object({ type: z.literal('failed'), sentence: z.string() }),
]);

export interface Running {
  readonly url: string;
  readonly firstAdministratorLink: string | null;
  /** Resolves when it ended by itself. */
  readonly ended: Promise<void>;
  /** Asks it to stop; after 3 s it is ended; runs under way go on at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts a program as a process of its own; its settings are its environment, its log goes to `<home>/logs/<name>.log`.
 * @throws Fault with its own sentence.
 */
export const spawnProgram = async (
  root: string,
  name: string,
  settings: Readonly<Record<string, string | undefined>> & { readonly GATEHOUSE_HOME: string },
): Promise<Running> => {
  const log = openLog(settings.GATEHOUSE_HOME, name);
  const child = spawn(process.execPath, [join(root, 'apps', name, 'src/main.ts')], {
    stdio: ['ignore', log.file, 'inherit', 'ipc'],
    // A group of its own: Ctrl-C reaches only us, and we stop things in order.
    detached: true,
    env: { ...process.env, ...settings, NODE_NO_WARNINGS: '1' },
  });
  log.close();
  const ended = once(child, 'exit').then(() => undefined);
  const message = await Promise.race([
    once(child, 'message').then(([said]) => Message.parse(said)),
    ended.then(() => null),
  ]);
  if (message?.type === 'ready')
    return {
      url: message.url,
      firstAdministratorLink: message.firstAdministratorLink,
      ended,
      stop: () => stopProcess(child, ended),
    };
  await stopProcess(child, ended);
  throw new Fault(
    'misconfigured',
    message?.sentence ?? `The program ${name} ended before it was ready; ${log.path} says why.`,
  );
};

/** A log past 20 MiB becomes `<name>.log.1` at the next start, so that two of them are the most there is. */
export const openLog = (
  home: string,
  name: string,
): { readonly file: number; readonly path: string; close(): void } => {
  const folder = join(home, 'logs');
  const path = join(folder, `${name}.log`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 20 * 2 ** 20) renameSync(path, `${path}.1`);
  const file = openSync(path, 'a', 0o600);
  return { file, path, close: () => closeSync(file) };
};

/** Asks a program to stop; after 3 s it is ended. */
export const stopProcess = async (child: ChildProcess, ended: Promise<void>) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(timer);
};

export interface ProgramOptions {
  readonly home?: string;
  readonly databaseUrl?: string;
  readonly host?: string;
  readonly port: string;
  readonly publicUrl?: string;
  readonly role?: string;
}

/** The settings of any program as its environment, beside its folder. */
export const commonSettings = (databaseUrl: Secret, options: ProgramOptions) => ({
  GATEHOUSE_DATABASE_URL: databaseUrl.reveal(),
  GATEHOUSE_HOST: options.host ?? '127.0.0.1',
  GATEHOUSE_PORT: options.port,
  GATEHOUSE_PUBLIC_URL: options.publicUrl,
});

/** The link of its first administrator; none where there is one. */
export const linksOf = ({ firstAdministratorLink }: Running): readonly string[] =>
  firstAdministratorLink === null ? [] : [firstAdministratorLink];

/** Resolves at Ctrl-C or SIGTERM. */
export const stopRequested = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });

/** What runs: its name, where it is, and where there is more to say, how it is. */
export interface Announcement {
  readonly rows: readonly (readonly [string, string, string?])[];
  /** Of first administrators, where there are none yet. */
  readonly links: readonly string[];
  /** What does not run, and what to do about it. */
  readonly notes?: readonly string[];
}

/** The table of programs, the links of first administrators while there are none, and what is missing. */
export const announce = ({ rows, links, notes = [] }: Announcement): string => {
  const headings = rows.some(([, , state]) => state !== undefined)
    ? ['program', 'address', 'state']
    : ['program', 'address'];
  const cells = rows.map((row) => row.map((cell) => cell ?? ''));
  const lines = ['', ...table(headings, cells).split('\n'), ''];
  if (links.length > 0)
    lines.push(
      `Become the first administrator (${links.length > 1 ? 'each' : 'this'} link works once, for 24 hours):`,
      ...links,
      '',
    );
  if (notes.length > 0) lines.push(...notes, '');
  lines.push('Stop with Ctrl-C.', '');
  return lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
};
