import { dirname } from 'node:path';
import type { Disk } from '@gatehouse/host/agent';

/** The power failed: nothing that comes after happens. */
export class PowerFailure extends Error {
  override readonly name = 'PowerFailure';
}

/**
 * A disk in memory that forgets what was not settled, as real ones may. Bytes last once `write` resolves; names last once
 * their folder was settled. At a failure any of the newest names of a folder may be as they were before, and a file that
 * was being written is cut anywhere.
 */
export interface ForgetfulDisk extends Disk {
  /** Fails at the `step`th step from now, counted from 1; 0: never. */
  failAt(step: number): void;
  /** Steps since the last failure. */
  readonly steps: number;
  /** What is there after a failure, by a number from 0 to 1 for each choice. */
  recover(random: () => number): void;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Changes a file behind everybody's back. */
  tamper(path: string, bytes: Uint8Array | null): void;
  /** The most bytes of all files together; more is ENOSPC. */
  limit(bytes: number): void;
}

interface Undo {
  readonly folder: string;
  /** A file that is made under another name to take its place counts as the file. */
  readonly name: string;
  undo(files: Map<string, Uint8Array>): void;
}

export const createForgetfulDisk = (): ForgetfulDisk => {
  const files = new Map<string, Uint8Array>();
  let undos: Undo[] = [];
  let steps = 0;
  let failing = 0;
  let hasFailed = false;
  let most = Number.POSITIVE_INFINITY;
  let torn: { path: string; bytes: Uint8Array; before: Uint8Array | undefined } | null = null;

  const step = (during?: () => void) => {
    if (hasFailed) throw new PowerFailure();
    steps++;
    if (steps !== failing) return;
    during?.();
    hasFailed = true;
    throw new PowerFailure();
  };
  const put = (path: string, bytes: Uint8Array | undefined) => {
    if (bytes === undefined) files.delete(path);
    else files.set(path, bytes);
  };
  const remember = (path: string) => {
    const before = files.get(path);
    undos.push({
      ...{ folder: dirname(path), name: path.replace(/\.new$/, '') },
      undo: (all) => (before === undefined ? all.delete(path) : all.set(path, before)),
    });
  };

  return {
    files,
    get steps() {
      return steps;
    },
    failAt(at) {
      steps = 0;
      failing = at;
    },
    limit(bytes) {
      most = bytes;
    },
    recover(random) {
      if (torn !== null) put(torn.path, torn.bytes.slice(0, Math.floor(torn.bytes.length * random())));
      torn = null;
      for (const name of new Set(undos.map((one) => one.name))) {
        const own = undos.filter((one) => one.name === name);
        // What happened to one name happened in order; what happened to different ones in any.
        const kept = Math.floor(random() * (own.length + 1));
        for (const { undo } of own.slice(kept).reverse()) undo(files);
      }
      undos = [];
      hasFailed = false;
      failing = 0;
      steps = 0;
    },
    tamper: (path, bytes) => put(path, bytes ?? undefined),
    makeFolder: async () => step(),
    list: async (path) => {
      if (hasFailed) throw new PowerFailure();
      const names = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
      return [...new Set(names.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
    read: async (path) => {
      if (hasFailed) throw new PowerFailure();
      return files.get(path) ?? null;
    },
    async write(path, bytes) {
      step(() => {
        torn = { path, bytes, before: files.get(path) };
      });
      const others = [...files].reduce((sum, [name, { length }]) => sum + (name === path ? 0 : length), 0);
      if (others + bytes.length > most) {
        files.set(path, bytes.slice(0, Math.max(0, most - others)));
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      }
      if (!files.has(path)) remember(path);
      files.set(path, bytes);
    },
    async rename(from, to) {
      step();
      const bytes = files.get(from);
      if (bytes === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      const [source, target] = [files.get(from), files.get(to)];
      undos.push({
        ...{ folder: dirname(to), name: to },
        undo: (all) => {
          all.set(from, source ?? new Uint8Array());
          if (target === undefined) all.delete(to);
          else all.set(to, target);
        },
      });
      files.delete(from);
      files.set(to, bytes);
    },
    async remove(path) {
      step();
      for (const file of [...files.keys()])
        if (file === path || file.startsWith(`${path}/`)) {
          remember(file);
          files.delete(file);
        }
    },
    async settle(folder) {
      step();
      undos = undos.filter((one) => one.folder !== folder);
    },
  };
};

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
