import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, Migration } from '@gatehouse/database';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId } from '@gatehouse/kernel';
import { createLog, type Log } from '../log.ts';
import type { Network } from '../network.ts';
import { operatorTokenPath } from '../operator.ts';
import type { Started } from '../run-program.ts';
import { type Answer, type TestClient, testClient } from './client.ts';
import { type SignedIn, testPassword, tokenOf } from './test-server.ts';

/** What every copy of a program under test is started with. */
export interface TestStart {
  readonly databaseUrl: string;
  readonly home: string;
  readonly network: Network;
  readonly log: Log;
}

/** A whole program on a free port of loopback, with a folder and a database of its own. */
export interface TestProgram<Program> extends AsyncDisposable {
  readonly program: Program;
  readonly test: TestDatabase;
  readonly database: Database;
  readonly url: string;
  readonly home: string;
  /** Everything it logged, one JSON line each. */
  readonly log: readonly string[];
  /** The command line of this machine, which is a system administrator. */
  readonly operator: TestClient;
  /** What `operator` proves itself with. */
  readonly operatorToken: string;
  /** A new person who came through an invitation and is signed in. */
  signIn(person?: { readonly systemAdministrator?: boolean }): Promise<SignedIn>;
  /** Another copy on the same database and keys. It ends with the first. */
  another(start: (given: TestStart) => Promise<Program>): Promise<Program>;
  close(): Promise<void>;
}

/** `id` is the program's own, which names its token and its log. */
export const testProgram = async <Program extends Started>(
  id: string,
  migrations: readonly Migration[],
  start: (given: TestStart) => Promise<Program>,
): Promise<TestProgram<Program>> => {
  const home = await mkdtemp(join(tmpdir(), `gatehouse-${id}-`));
  const test = await testDatabase({ migrations });
  const log: string[] = [];
  const given: TestStart = {
    ...{ databaseUrl: test.url, home, network: { port: 0 } },
    log: createLog(id, 'trace', { write: (line: string) => void log.push(line) }),
  };
  const copies: Program[] = [];
  const another: TestProgram<Program>['another'] = async (begin) => {
    const copy = await begin(given);
    copies.push(copy);
    return copy;
  };
  const program = await another(start);
  const { url } = program;
  if (url === null) throw new Error('Tests start a copy that answers.');
  const operatorToken = (await readFile(operatorTokenPath(home, id), 'utf8')).trim();
  const operator = testClient(url, { authorization: `Bearer ${operatorToken}` });
  const close = async () => {
    await Promise.all(copies.map((one) => one.close()));
    await test.close();
    await rm(home, { recursive: true, force: true });
  };
  return {
    ...{ program, test, database: test.database, url, home, log, operator, operatorToken, another, close },
    signIn: async ({ systemAdministrator = false } = {}) => {
      const email = `person-${newId()}@example.com`;
      const { personId, link } = (await ok(operator.post('/api/people', { email, name: 'Ada Keller' }))).body;
      const client = await accept(url, link);
      if (systemAdministrator)
        await ok(operator.ask('PATCH', `/api/people/${personId}`, { body: { systemAdministrator } }));
      return { ...client, personId, email, password: testPassword };
    },
    [Symbol.asyncDispose]: close,
  };
};

/** Comes through an invitation; the client is signed in. */
export const accept = async (url: string, link: string): Promise<TestClient> => {
  const client = testClient(url);
  await ok(client.post('/api/welcome', { token: tokenOf(link), name: 'Ada Keller', password: testPassword }));
  return client;
};

/** The answer, which must be a good one. */
export const ok = async <A extends Pick<Answer, 'status' | 'text'>>(asked: Promise<A>): Promise<A> => {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};
