import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database, Migration } from '../database.ts';
import { openDatabase } from '../open-database.ts';
import { doorVariable, serverVariable } from './global-setup.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  /** With the password: for a second connection, or a process of its own. */
  readonly url: string;
  /** Closes and drops it. `await using` does the same. */
  close(): Promise<void>;
}

/**
 * A fresh database with these migrations, on the server of this Vitest run. The first call with a set of migrations
 * takes about a second, later ones some ten milliseconds. Tests that use it are named `*.database.test.ts`.
 */
export const testDatabase = async ({
  migrations,
  poolSize = 4,
}: {
  readonly migrations: readonly Migration[];
  readonly poolSize?: number;
}): Promise<TestDatabase> => {
  const server = await serverUrl();
  const template = await templateOf(server, migrations);
  const name = `test_${randomBytes(8).toString('hex')}`;
  // The other strategy writes every page of the copy to the log as well: three times the work.
  await administer(server, (client) => client.query(`create database ${name} template ${template} strategy file_copy`));
  const url = at(server, name);
  const database = await openDatabase({ url, migrations, poolSize });
  const close = async () => {
    await database.close();
    await administer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { database, url, close, [Symbol.asyncDispose]: close };
};

const serverUrl = async (): Promise<string> => {
  const given = process.env[serverVariable];
  if (given) return given;
  const door = process.env[doorVariable];
  if (!door) throw new Error('There is no test database: run this with Vitest and its global setup.');
  const answer = await fetch(door, { signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
};

/** A database with the migrations applied, made once per server. Nobody stays connected to it, so it can be copied. */
const templateOf = async (server: string, migrations: readonly Migration[]): Promise<string> => {
  const text = JSON.stringify(migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  const name = `template_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  await administer(server, async (client) => {
    const exists = () => client.query('select from pg_database where datname = $1', [name]);
    if ((await exists()).rowCount) return;
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    if ((await exists()).rowCount) return;
    const fresh = `fresh_${randomBytes(8).toString('hex')}`;
    await client.query(`create database ${fresh}`);
    const database = await openDatabase({ url: at(server, fresh), migrations, poolSize: 1 });
    await database.close();
    await client.query(`alter database ${fresh} rename to ${name}`);
  });
  return name;
};

const administer = async <T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const at = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
};
