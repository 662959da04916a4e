import { join } from 'node:path';
import { type Clock, compareVersions, Fault, toFault } from '@gatehouse/kernel';
import { createBell } from '../bell.ts';
import { type Disk, replaceFile } from '../disk.ts';
import type { Log } from '../rolling-log.ts';
import { checkFile, manifestFile, openManifest, type ReleaseOf } from './release.ts';
import { folderOf, isRefused, readVersions, versionsFolder } from './versions.ts';

/** Fetches the version that the server offers, and checks that it is what was signed. Another process starts it. */
export interface Updater {
  /** What the server offers now; null: nothing. */
  offer(version: string | null): void;
  /** What was last said about it. */
  said(): { readonly at: string; readonly said: string } | null;
  run(signal: AbortSignal): Promise<void>;
}

export interface UpdaterOptions {
  readonly home: string;
  readonly disk: Disk;
  /** Fetches a file of the release that is offered; null: its signed manifest. @throws Fault */
  fetch(file: string | null): Promise<Uint8Array>;
  readonly clock: Clock;
  readonly log: Log;
  /** The version that runs. */
  readonly own: string;
  readonly releases: ReleaseOf;
  onReady(version: string): void;
}

/** After a failure the same version is fetched again no sooner. */
const againMs = 600_000;
/** The most bytes of a release. */
const largest = 200 * 2 ** 20;

export const createUpdater = (options: UpdaterOptions): Updater => {
  const { home, disk, clock, log, own, releases, onReady } = options;
  let wanted: string | null = null;
  let said: ReturnType<Updater['said']> = null;
  let ring = () => {};
  const failed = new Map<string, Date>();

  const say = (level: 'info' | 'error', sentence: string, detail: string | null = null) => {
    said = { at: clock.now().toISOString(), said: sentence };
    log.write(level, sentence, { detail });
  };

  /** Null where it is not newer, or was tried. */
  const fetchRelease = async (): Promise<string | null> => {
    const bytes = await options.fetch(null);
    const manifest = openManifest(bytes, releases);
    const { version, files } = manifest;
    if (compareVersions(version, own) <= 0)
      throw new Fault('unexpected', `A version is refused. ${version} is not newer than ${own}, which runs.`);
    if (isRefused(await readVersions(disk, home), version, clock.now())) return null;
    if (files.reduce((sum, file) => sum + file.bytes, 0) > largest)
      throw new Fault('unexpected', `A version is refused. ${version} is larger than a program may be.`);
    const fresh = join(versionsFolder(home), `.${version}`);
    await disk.remove(fresh);
    await disk.makeFolder(fresh);
    for (const file of files) {
      const content = await options.fetch(file.name);
      checkFile(file, content);
      await disk.write(join(fresh, file.name), content);
    }
    await replaceFile(disk, join(fresh, manifestFile), bytes);
    await disk.remove(folderOf(home, version));
    await disk.rename(fresh, folderOf(home, version));
    await disk.settle(versionsFolder(home));
    return version;
  };

  return {
    offer(version) {
      wanted = version;
      ring();
    },
    said: () => said,
    async run(signal) {
      const bell = createBell(clock, signal);
      ring = bell.ring;
      const [last] = (await readVersions(disk, home)).refused;
      if (last !== undefined) say('error', last.why);
      for (;;) {
        await bell.wait(3_600_000);
        const offered = wanted;
        if (offered === null || compareVersions(offered, own) === 0) continue;
        const before = failed.get(offered);
        if (before !== undefined && clock.now().getTime() - before.getTime() < againMs) continue;
        if (isRefused(await readVersions(disk, home), offered, clock.now())) continue;
        try {
          const ready = await fetchRelease();
          if (ready === null) continue;
          say('info', `Version ${ready} is here and is started now.`);
          // Once: whoever starts it ends this process.
          failed.set(offered, clock.now());
          onReady(ready);
        } catch (error) {
          signal.throwIfAborted();
          const { advice, detail = null } = toFault(error);
          failed.set(offered, clock.now());
          say('error', advice, detail ?? (error instanceof Error ? error.message : null));
        }
      }
    },
  };
};
