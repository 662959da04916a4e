import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embedded } from '@gatehouse/database';
import { accept, ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { z } from 'zod';

/** A program as it is installed: a process of its own, with a folder and a database that nothing was in before. */
export interface Program extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly databaseUrl: string;
  /** The command line of this machine, which is an administrator. */
  readonly operator: TestClient;
}

const Ready = z.object({ type: z.literal('ready'), url: z.string() });

export const startProgram = async (
  name: 'site' | 'vault' | 'desk',
  server: Embedded,
  scratch: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> => {
  const own = `${name}_${randomBytes(6).toString('hex')}`;
  const home = join(scratch, own);
  await mkdir(home);
  const databaseUrl = (await server.database(`bench_${own}`)).reveal();
  const child = fork(join(import.meta.dirname, '../../apps', name, 'src/main.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...{ ...process.env, GATEHOUSE_HOME: home, GATEHOUSE_PORT: '0', GATEHOUSE_LOG_LEVEL: 'info' },
      ...{ GATEHOUSE_DATABASE_URL: databaseUrl, NODE_NO_WARNINGS: '1' },
      ...settings,
    },
  });
  const [said] = await once(child, 'message');
  const { url } = Ready.parse(said);
  const token = readFileSync(join(home, `${name}.token`), 'utf8').trim();
  return {
    url,
    pid: child.pid ?? 0,
    databaseUrl,
    operator: testClient(url, { authorization: `Bearer ${token}` }),
    [Symbol.asyncDispose]: () => endOf(child),
  };
};

/** Asks a process to end, and waits until it has. */
export const endOf = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.kill('SIGTERM');
  await over;
};

/** A system administrator who is signed in, and may open everything. */
export const signIn = async ({
  url,
  operator,
}: Pick<Program, 'url' | 'operator'>): Promise<TestClient & { readonly personId: string }> => {
  const { body } = await ok(operator.post('/api/people', { email: 'ada@example.com', name: 'Ada Keller' }));
  const client = await accept(url, body.link);
  await ok(operator.ask('PATCH', `/api/people/${body.personId}`, { body: { systemAdministrator: true } }));
  return { ...client, personId: body.personId };
};
