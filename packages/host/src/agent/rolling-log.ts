import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { redact } from '../redact.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** JSON lines for operators. No secret is written at any level: values are masked by what they are and by how they look. */
export interface Log {
  write(level: Level, said: string, more?: Readonly<Record<string, string | number | boolean | null>>): void;
}

export interface LogOptions {
  readonly path: string;
  readonly level: Level;
  /** Values that must not appear, whoever says them. */
  readonly secrets: readonly string[];
  /** A file of this size becomes `<path>.1`, that one `<path>.2`, and so on; the oldest goes. Default 5 MiB. */
  readonly mostBytes?: number;
  /** Files in all. Default 4. */
  readonly files?: number;
  /** Gets each line too, for whoever watches the process. */
  echo?(line: string): void;
}

export const openLog = (options: LogOptions): Log => {
  const { path, secrets, mostBytes = 5 * 2 ** 20, files = 4, echo } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const clean = (text: string) => redact(text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text, secrets);

  const roll = () => {
    rmSync(`${path}.${files - 1}`, { force: true });
    for (let i = files - 2; i >= 1; i--)
      if (statSync(`${path}.${i}`, { throwIfNoEntry: false })) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
    renameSync(path, `${path}.1`);
    size = 0;
  };

  return {
    write(level, said, more = {}) {
      if (levels.indexOf(level) < levels.indexOf(options.level)) return;
      const entries = Object.entries(more).map(([name, value]) => [
        name,
        typeof value === 'string' ? clean(value) : value,
      ]);
      const line = JSON.stringify({
        ...{ time: new Date().toISOString(), level, said: clean(said) },
        ...Object.fromEntries(entries),
      });
      echo?.(line);
      try {
        if (size > 0 && size + line.length > mostBytes) roll();
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
        size += line.length + 1;
      } catch {
        // A full disk must not end the program; the echo has said it.
      }
    },
  };
};
