import { Secret, type TenantId } from '@gatehouse/kernel';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { openBulk } from './bulk.ts';
import { createNames, guarded } from './connection.ts';
import type { Database, Migration } from './database.ts';
import { migrate } from './migrate.ts';
import { toDatabaseError } from './pg-fault.ts';
import { StartFault } from './start-fault.ts';
import { ensureTenantRole } from './tenant-role.ts';
import { inTransaction, onConnection } from './transaction.ts';

export interface OpenOptions {
  /** `postgres://user:password@host:port/database`; the user owns the tables. */
  readonly url: Secret | string;
  readonly migrations: readonly Migration[];
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** Milliseconds a statement may take; the bulk writer and migrations have their own. Default 60,000. */
  readonly statementTimeoutMs?: number;
  /**
   * Whether statements stay parsed and planned on their connections. For programs of short questions over few rows: a plan
   * that is kept knows nothing of its values. Default false.
   */
  readonly keepsStatements?: boolean;
}

/**
 * Connects, creates the tenant role, brings the schema up to date. Throws a StartFault when that cannot be done.
 * Later the database may go away and come back: queries meanwhile are Faults, and new connections are made.
 */
export const openDatabase = async (options: OpenOptions): Promise<Database> => {
  const { url, address } = parse(options.url);
  const statementTimeoutMs = options.statementTimeoutMs ?? 60_000;
  const settings = {
    connectionString: url,
    max: options.poolSize ?? 10,
    application_name: 'gatehouse',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    lock_timeout: Math.min(30_000, statementTimeoutMs),
    idle_in_transaction_session_timeout: 300_000,
    types: { getTypeParser },
  };
  // COPY cannot share a connection on which statements are sent before the ones before them were answered.
  const [pool, bulkPool] = [new pg.Pool({ ...settings, pipeline: true }), new pg.Pool(settings)];
  for (const one of [pool, bulkPool]) {
    // Without listeners a connection that breaks while nobody uses it would end the process.
    one.on('error', () => undefined);
    one.on('connect', (client) => client.on('error', () => undefined));
  }

  const nameOf = options.keepsStatements === true ? createNames() : () => undefined;
  const connect = async () => guarded(await pool.connect().catch(refuse), nameOf);
  const owner = new Kysely<unknown>({
    // What Kysely needs of a pool.
    dialect: new PostgresDialect({ pool: { options: pool.options, connect, end: () => pool.end() } }),
  });
  const database: Database = {
    address,
    owner,
    tenant: (tenantId, work) =>
      inTransaction(connect, async (tx) => {
        await enter(tenantId).execute(tx);
        return work(tx);
      }),
    system: (work) => inTransaction(connect, work),
    read: (work) => onConnection(connect, work),
    bulk: (work) => openBulk(bulkPool, work),
    ready: (timeoutMs) => ready(owner, address, timeoutMs),
    close: async () => {
      // Kysely ends the pool only if a query was made through it.
      await owner.destroy();
      if (!pool.ended) await pool.end();
      await bulkPool.end();
    },
  };
  try {
    await ready(owner, address, 15_000);
    await ensureTenantRole(owner, address);
    await migrate(owner, options.migrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
};

const enter = (tenantId: TenantId) =>
  sql`select set_config('role', 'gatehouse_tenant', true), set_config('gatehouse.tenant', ${tenantId}, true)`;

const ready = async (owner: Kysely<unknown>, address: string, timeoutMs: number): Promise<void> => {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error('timeout')), timeoutMs);
  try {
    await Promise.race([sql`select 1`.execute(owner), timeout.promise]);
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new StartFault(
      `The database at ${address} does not answer${why}. Another one is chosen with --database-url.`,
      '--database-url',
      {
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
  }
};

const parse = (given: Secret | string): { url: string; address: string } => {
  const url = given instanceof Secret ? given.reveal() : given;
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new StartFault(
      'The address of the database must look like postgres://user:password@host:5432/name. Change --database-url.',
      '--database-url',
    );
  }
  if (parsed.password) parsed.password = '***';
  for (const name of [...parsed.searchParams.keys()]) {
    if (/pass/i.test(name)) parsed.searchParams.set(name, '***');
  }
  return { url, address: parsed.href };
};

const refuse = (error: unknown) => {
  throw toDatabaseError(error);
};

const bigint = 20;
const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  type === bigint && format !== 'binary' ? Number : pg.types.getTypeParser(type, format as 'text');
