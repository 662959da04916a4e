import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { compareVersions, toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Disk } from '../disk.ts';
import { checkFolder, type ReleaseOf } from './release.ts';
import { folderOf, goBack, readVersions, type Versions, versionsFolder, writeVersions } from './versions.ts';

/** What a working process says to the supervisor. */
export const WorkMessage = z.discriminatedUnion('type', [
  /** The server answered it. */
  z.object({ type: z.literal('reported') }),
  /** A newer version lies ready. */
  z.object({ type: z.literal('update'), version: z.string() }),
]);
export type WorkMessage = z.output<typeof WorkMessage>;

/** A working process ends with this where it cannot run until a person does something. */
export const misconfiguredCode = 78;

export interface SupervisorOptions {
  /** In sentences: `collector`. */
  readonly name: string;
  readonly home: string;
  readonly disk: Disk;
  /** The program that was installed by hand, and its version: what is always there to go back to. */
  readonly installed: { readonly program: string; readonly version: string };
  readonly releases: ReleaseOf;
  /** Milliseconds within which a new version has to report. */
  readonly trialMs: number;
  /** Aborting it ends the supervisor and what it started. */
  readonly signal: AbortSignal;
  now(): Date;
  say(sentence: string): void;
}

/**
 * Keeps one version running. It is the small part that is never replaced: a new version that ends or does not report is
 * ended, the one before runs again, and the new one is left alone for a day. Resolves with an exit code.
 */
export const supervise = async (options: SupervisorOptions): Promise<number> => {
  const { name, home, disk, installed, releases, trialMs, signal, now, say } = options;
  const change = async (make: (versions: Versions) => Versions) =>
    writeVersions(disk, home, make(await readVersions(disk, home)));
  const back = async (why: string) => {
    say(why);
    await change((versions) => goBack(versions, why, now()));
  };

  if ((await readVersions(disk, home)).isTrial) {
    const { current } = await readVersions(disk, home);
    await back(`Version ${current} was ended before it reported. The version before it runs again.`);
  }
  for (let crashes = 0; ; ) {
    const chosen = await choose();
    const { current, isTrial } = await readVersions(disk, home);
    const begun = Date.now();
    const ending = await runOne(chosen, isTrial);
    if (signal.aborted) return 0;
    if (ending.type === 'update') {
      await change((versions) => ({ ...versions, current: ending.version, previous: current, isTrial: true }));
      say(`Version ${ending.version} is started.`);
      crashes = 0;
    } else if (isTrial && !ending.reported) {
      const how =
        ending.code === null ? `did not report within ${Math.round(trialMs / 1_000)} s` : 'ended before it reported';
      await back(
        `Version ${current} ${how}. The version before it runs again; ${current} is not tried again for a day.`,
      );
    } else if (ending.code === misconfiguredCode) return misconfiguredCode;
    else {
      crashes = Date.now() - begun > 60_000 ? 1 : crashes + 1;
      const waitMs = Math.min(60_000, 500 * 2 ** crashes);
      say(`The ${name} ended by itself (${ending.code ?? 'killed'}) and is started again in ${waitMs / 1_000} s.`);
      await sleep(waitMs, signal);
      if (signal.aborted) return 0;
    }
  }

  /** The program to start. One that is not as it was signed, or older than what was installed since, is passed over. */
  async function choose(): Promise<string> {
    for (;;) {
      const { current } = await readVersions(disk, home);
      if (current === null) return installed.program;
      if (compareVersions(current, installed.version) <= 0) {
        await change((versions) => ({ ...versions, current: null, previous: null, isTrial: false }));
        continue;
      }
      try {
        await checkFolder(disk, folderOf(home, current), current, releases);
        return join(folderOf(home, current), releases.program);
      } catch (error) {
        await back(`Version ${current} is not started: ${toFault(error).advice}`);
      }
    }
  }

  type Ending =
    | { readonly type: 'update'; readonly version: string }
    | { readonly type: 'over'; readonly code: number | null; readonly reported: boolean };

  /** Runs one process to its end. `code` null: it was ended from here, or by a signal. */
  function runOne(path: string, isTrial: boolean): Promise<Ending> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [path, 'work', '--home', home], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      });
      let reported = false;
      let update: string | null = null;
      const stop = () => endChild(child, 4_000);
      // What did not report may not listen either.
      const timer = isTrial ? setTimeout(() => endChild(child, 500), trialMs) : null;
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      child.on('message', (message) => {
        const said = WorkMessage.safeParse(message).data;
        if (said?.type === 'reported' && !reported) {
          reported = true;
          if (timer !== null) clearTimeout(timer);
          if (isTrial) void confirm();
        }
        // A version on trial proves itself before it is replaced.
        if (said?.type === 'update' && (reported || !isTrial)) {
          update = said.version;
          stop();
        }
      });
      const over = (code: number | null) => {
        if (timer !== null) clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve(update === null ? { type: 'over', code, reported } : { type: 'update', version: update });
      };
      child.once('error', () => over(1));
      child.once('exit', (code) => over(code));
    });
  }

  /** It works: it stays, with the one before it beside it; older ones go. */
  async function confirm(): Promise<void> {
    const versions = await readVersions(disk, home);
    await change((now) => ({ ...now, isTrial: false }));
    say(`Version ${versions.current} reported and stays.`);
    for (const name of await disk.list(versionsFolder(home)))
      if (name !== versions.current && name !== versions.previous) await disk.remove(join(versionsFolder(home), name));
  }
};

/** Asks it to end; whoever does not within seconds is ended. */
const endChild = (child: ChildProcess, graceMs: number): void => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(timer));
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
