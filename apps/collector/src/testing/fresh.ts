import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeServer, startFakeServer } from './fake-server.ts';
import { type Running, startProcess } from './installed.ts';
import { type MadeUpDirectory, startDirectory } from './made-up.ts';

/** A machine without a collector, a server that waits for one, and a directory. */
export interface Fresh {
  readonly home: string;
  readonly server: FakeServer;
  readonly directory: MadeUpDirectory;
  /** Runs `gatehouse collector …` in its folder, with lines on standard input. */
  run(words: readonly string[], lines?: readonly string[], env?: Record<string, string>): Promise<Ran>;
  /** A file with this content; its path. */
  file(name: string, content: string): string;
  settings(): string;
  close(): Promise<void>;
}

export interface Ran {
  readonly code: number | null;
  readonly printed: string;
  readonly running: Running;
}

export const key = 'installation-key-of-the-tests';

export const startFresh = async (): Promise<Fresh> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-fresh-'));
  const home = join(folder, 'collector');
  const server = await startFakeServer();
  const directory = await startDirectory();
  return {
    ...{ home, server, directory },
    async run(words, lines = [], env = {}) {
      const running = startProcess('collector-process.ts', [...words, '--home', home], {
        input: lines.map((line) => `${line}\n`).join(''),
        env,
      });
      const code = await running.ended;
      return { code, printed: running.printed(), running };
    },
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    settings: () => readFileSync(join(home, 'collector.json'), 'utf8'),
    async close() {
      await server.close();
      await directory.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
