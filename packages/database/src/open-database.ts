import { Secret, type TenantId } from '@gatehouse/kernel';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { openBulk } from './bulk.ts';
import type { Database, Migration } from './database.ts';
import { migrate } from './migrate.ts';
import { toDatabaseError } from './pg-fault.ts';
import { StartFault } from './start-fault.ts';
import { ensureTenantRole } from './tenant-role.ts';

export interface OpenOptions {
  /** `postgres://user:password@host:port/database`; the user owns the tables. */
  readonly url: Secret | string;
  readonly migrations: readonly Migration[];
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** Milliseconds a statement may take; the bulk writer and migrations have their own. Default 60,000. */
  readonly statementTimeoutMs?: number;
}

/**
 * Connects, creates the tenant role, brings the schema up to date. Throws a StartFault when that cannot be done.
 * Later the database may go away and come back: queries meanwhile are Faults, and new connections are made.
 */
export const openDatabase = async (options: OpenOptions): Promise<Database> => {
  const { url, address } = parse(options.url);
  const statementTimeoutMs = options.statementTimeoutMs ?? 60_000;
  const pool = new pg.Pool({
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
  });
  // Without listeners a connection that breaks while nobody uses it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: guarded(pool) }) });
  const database: Database = {
    address,
    owner,
    tenant: (tenantId, work) =>
      owner.transaction().execute(async (tx) => {
        await enter(tenantId).execute(tx);
        return work(tx);
      }),
    system: (work) => owner.transaction().execute(work),
    bulk: (work) => openBulk(pool, work),
    ready: (timeoutMs) => ready(owner, address, timeoutMs),
    close: async () => {
      // Kysely ends the pool only if a query was made through it.
      await owner.destroy();
      if (!pool.ended) await pool.end();
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

/** Every failure leaves as a Fault or ConstraintError, and a connection that failed is not used again. */
const guarded = (pool: pg.Pool) => ({
  options: pool.options,
  connect: async () => {
    const client = await pool.connect().catch((error: unknown) => {
      throw toDatabaseError(error);
    });
    let broken = false;
    return {
      query: async (...query: [never]) => {
        try {
          return await client.query(...query);
        } catch (error) {
          broken ||= !(error instanceof pg.DatabaseError);
          throw toDatabaseError(error);
        }
      },
      release: () => client.release(broken),
    } as unknown as pg.PoolClient; // Kysely uses these two of a client's methods and no other.
  },
  end: () => pool.end(),
});

const bigint = 20;
const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  type === bigint && format !== 'binary' ? Number : pg.types.getTypeParser(type, format as 'text');
