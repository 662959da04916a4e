import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

/** A `gatehouse up` of one's own, as a person would start it. */
export interface RunningUp {
  /** Where insights answers. */
  readonly url: string;
  /** Where any other program answers. */
  urlOf(program: string): string;
  /** Null when there is an administrator already. */
  readonly link: string | null;
  /** Everything it printed so far. */
  printed(): string;
  /** Sends a signal (default: Ctrl-C) and resolves with the exit code and how many milliseconds it took. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** Starts `gatehouse up …` and resolves when it has announced itself; rejects with what it printed when it ends before. */
export const startUp = (
  args: readonly string[],
  env: Record<string, string> = {},
  under: readonly string[] = [],
): Promise<RunningUp> => startGatehouse(['up', ...args], 'insights', env, under);

/** The same for any command that announces where `program` answers; `under` is a command that runs it. */
export const startGatehouse = async (
  args: readonly string[],
  program: string,
  env: Record<string, string> = {},
  under: readonly string[] = [],
): Promise<RunningUp> => {
  const [command = '', ...words] = [...under, process.execPath, join(root, 'apps/gatehouse/src/main.ts'), ...args];
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let printed = '';
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('Stop with Ctrl-C')) ready.resolve();
    });
  const ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  ended.then((code) => ready.reject(new EndedEarly(code, printed)));
  await ready.promise;
  return {
    url: addressOf(printed, program),
    urlOf: (other) => addressOf(printed, other),
    link: /^\s+(http:\S+\/welcome\S+)/m.exec(printed)?.[1] ?? null,
    printed: () => printed,
    async stop(signal = 'SIGINT') {
      const begun = performance.now();
      child.kill(signal);
      return { code: await ended, ms: performance.now() - begun };
    },
  };
};

const addressOf = (printed: string, program: string) =>
  new RegExp(`^\\s*${program}\\s+(http:\\S+)`, 'm').exec(printed)?.[1] ?? '';

export class EndedEarly extends Error {
  readonly code: number | null;
  readonly printed: string;

  constructor(code: number | null, printed: string) {
    super(`gatehouse up ended with ${code}:\n${printed}`);
    this.code = code;
    this.printed = printed;
  }
}
