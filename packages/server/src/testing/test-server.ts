import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, Migration } from '@gatehouse/database';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId, type PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { createLog } from '../log.ts';
import { serverMigrations } from '../migrations.ts';
import type { Network } from '../network.ts';
import { operator, operatorTokenPath } from '../operator.ts';
import { createServer, type Server, type ServerOptions } from '../server.ts';
import { type TestClient, testClient } from './client.ts';

export interface TestServerOptions {
  /** In addition to the server's own. */
  readonly migrations?: readonly Migration[];
  readonly network?: Partial<Network>;
  readonly findTenantRole?: (database: Database) => ServerOptions['findTenantRole'];
  readonly signIn?: ServerOptions['signIn'];
  readonly pages?: string;
  readonly readyChecks?: ServerOptions['readyChecks'];
  readonly webSockets?: ServerOptions['webSockets'];
  readonly apps?: ServerOptions['apps'];
  /** Adds the routes of the program under test. */
  readonly routes?: (server: Server, database: Database) => void | Promise<void>;
}

export interface SignedIn extends TestClient {
  readonly personId: PersonId;
  readonly email: string;
  readonly password: string;
}

export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly database: Database;
  readonly test: TestDatabase;
  readonly url: string;
  readonly home: string;
  /** Everything the server logged, one JSON line each. */
  readonly log: string[];
  /** Nobody, with an empty jar. */
  client(): TestClient;
  /** A new person who came through an invitation and is signed in. */
  signIn(person?: { email?: string; name?: string; systemAdministrator?: boolean }): Promise<SignedIn>;
  /** The command line of this machine. */
  operator(): Promise<TestClient>;
  close(): Promise<void>;
}

export const testPassword = 'a quiet lamp over the river';

/** A real server on a free port of loopback, with a database of its own. */
export const testServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-server-'));
  const test = await testDatabase({ migrations: [...serverMigrations, ...(options.migrations ?? [])] });
  const { database } = test;
  const log: string[] = [];
  const server = await createServer({
    program: { id: 'test', title: 'Gatehouse Test', version: '0.0.0' },
    database,
    home,
    network: { port: 0, ...options.network },
    findTenantRole: options.findTenantRole?.(database) ?? (async () => null),
    log: createLog('test', 'trace', { write: (line: string) => void log.push(line) }),
    ...(options.signIn && { signIn: options.signIn }),
    ...(options.pages !== undefined && { pages: options.pages }),
    ...(options.readyChecks && { readyChecks: options.readyChecks }),
    ...(options.webSockets && { webSockets: options.webSockets }),
    ...(options.apps && { apps: options.apps }),
  });
  await options.routes?.(server, database);
  await server.listen();
  const address = server.app.server.address();
  const url = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;

  const close = async () => {
    await server.close();
    await test.close();
    await rm(home, { recursive: true, force: true });
  };
  const signIn: TestServer['signIn'] = async ({
    email = `person-${newId()}@example.com`,
    name = 'Ada Keller',
    systemAdministrator = false,
  } = {}) => {
    const act = { principal: operator, correlationId: newId<string>() };
    const { personId, link } = await database.system((tx) => server.invitePerson(tx, act, { email, name }));
    const client = testClient(url);
    const answer = await client.post('/api/welcome', { token: tokenOf(link), name, password: testPassword });
    if (answer.status !== 204) throw new Error(`${email} could not sign in: ${answer.text}`);
    if (systemAdministrator) {
      await sql`update people set system_administrator = true where id = ${personId}`.execute(database.owner);
    }
    return { ...client, personId, email, password: testPassword };
  };
  const asOperator = async () => {
    const token = (await readFile(operatorTokenPath(home, 'test'), 'utf8')).trim();
    return testClient(url, { authorization: `Bearer ${token}` });
  };
  return {
    server,
    database,
    test,
    url,
    home,
    log,
    client: () => testClient(url),
    signIn,
    operator: asOperator,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** The token of a one-time link. */
export const tokenOf = (link: string | null): string => {
  const token = link === null ? '' : new URL(link).hash.slice(1);
  if (token === '') throw new Error('There is no one-time link.');
  return token;
};
