import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openLog, stopProcess } from '../program.ts';

export interface Agent {
  readonly root: string;
  /** Of the whole of Gatehouse: its log goes there. */
  readonly home: string;
  readonly name: 'collector' | 'ecm' | 'jump-client';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs an agent until it has done what it was told, or the signal is given; resolves with its exit code. */
export const runAgent = async (agent: Agent, signal?: AbortSignal): Promise<number | null> => {
  if (signal?.aborted) return null;
  const child = start(agent);
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  const [code] = await once(child, 'exit');
  signal?.removeEventListener('abort', stop);
  return code;
};

/** Keeps an agent running: one that ends by itself is started again, after waits that grow to a minute. */
export const keepAgent = (agent: Agent): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  let child: ChildProcess;
  let ended: Promise<void>;
  const begin = () => {
    const begun = performance.now();
    child = start(agent);
    ended = once(child, 'exit').then(([code]) => {
      if (stopping.signal.aborted || code === misconfigured) return;
      waitMs = performance.now() - begun > 60_000 ? 1_000 : Math.min(waitMs * 2, 60_000);
      timer = setTimeout(begin, waitMs);
    });
  };
  let waitMs = 500;
  let timer: NodeJS.Timeout | undefined;
  begin();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await stopProcess(child, ended);
    },
  };
};

/** What an agent ends with where only a person can mend it. */
const misconfigured = 78;

const start = ({ root, home, name, args, env }: Agent): ChildProcess => {
  const log = openLog(home, name);
  const child = spawn(process.execPath, [join(root, 'apps', name, 'src/main.ts'), ...args], {
    // The channel ends with us, however we end, and the agent with it.
    stdio: ['ignore', log.file, log.file, 'ipc'],
    // A group of its own: Ctrl-C reaches only us, and we stop things in order.
    detached: true,
    env: { ...process.env, ...env, NODE_NO_WARNINGS: '1' },
  });
  log.close();
  return child;
};
