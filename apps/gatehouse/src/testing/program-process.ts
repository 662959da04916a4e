import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestClient, testClient } from '@gatehouse/server/testing';
import { z } from 'zod';
import { openLog } from '../program.ts';

/** A program in a process of its own, at the same address and with the same database after every start. */
export interface Program {
  readonly url: string;
  /** The command line of its machine. */
  operator(): TestClient;
  start(): Promise<void>;
  /** Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Everything it logged. */
  log(): string;
}

const Ready = z.object({ type: z.literal('ready') });

/** Not started yet; its log goes to its folder. */
export const prepareProgram = (name: string, file: string, home: string, env: NodeJS.ProcessEnv): Program => {
  mkdirSync(home, { recursive: true });
  const url = `http://127.0.0.1:${env.GATEHOUSE_PORT}`;
  let child: ChildProcess | null = null;
  let token = '';
  return {
    url,
    operator: () => testClient(url, { authorization: `Bearer ${token}` }),
    async start() {
      const log = openLog(home, name);
      child = fork(file, [], {
        stdio: ['ignore', log.file, log.file, 'ipc'],
        env: { ...process.env, GATEHOUSE_HOME: home, NODE_NO_WARNINGS: '1', ...env },
      });
      log.close();
      Ready.parse((await once(child, 'message'))[0]);
      token = readFileSync(join(home, `${name}.token`), 'utf8').trim();
    },
    async kill(signal = 'SIGKILL') {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const over = once(child, 'exit');
      child.kill(signal);
      await over;
    },
    log: () => readFileSync(join(home, 'logs', `${name}.log`), 'utf8'),
  };
};
