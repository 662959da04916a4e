import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import type { Sql } from './database.ts';

/** What of a connection a transaction needs; `release` gives it back. */
type Connection = Pick<pg.PoolClient, 'query'> & { release(): void };

/** Runs `work` between `begin` and `commit`; what it throws undoes all of it. */
export const inTransaction = <T>(connect: () => Promise<Connection>, work: (tx: Sql) => Promise<T>): Promise<T> =>
  pinned(connect, async (driver, connection) => {
    await connection.query('begin');
    try {
      const result = await work(kyselyOn(driver));
      driver.isOver = true;
      const { command } = await connection.query('commit');
      if (command === 'ROLLBACK') throw new Error('a statement had failed, so nothing of this transaction was kept');
      return result;
    } catch (error) {
      // Parts of the work that go on must not be kept by a statement behind the end.
      driver.isOver = true;
      // Where this fails, too, the connection is gone, and with it the transaction.
      await connection.query('rollback').catch(() => undefined);
      throw error;
    }
  });

/** Runs `work` with statements that share one connection, each kept by itself. */
export const onConnection = <T>(connect: () => Promise<Connection>, work: (sql: Sql) => Promise<T>): Promise<T> =>
  pinned(connect, (driver) => work(kyselyOn(driver)));

const pinned = async <T>(
  connect: () => Promise<Connection>,
  work: (driver: PinnedDriver, connection: Connection) => Promise<T>,
): Promise<T> => {
  const connection = await connect();
  const driver = new PinnedDriver(connection);
  try {
    return await work(driver, connection);
  } finally {
    driver.isOver = true;
    connection.release();
  }
};

const kyselyOn = (driver: PinnedDriver): Sql =>
  new Kysely<unknown>({ dialect: { ...dialect, createDriver: () => driver } });

const dialect = {
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (sql: Kysely<unknown>) => new PostgresIntrospector(sql),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};

/**
 * Statements of one connection. Those that do not wait for one another's answers are sent at once and answered in the order
 * in which they were begun; Kysely's own transactions send one at a time.
 */
class PinnedDriver extends DummyDriver {
  readonly #connection: Connection;
  /** Whoever has the connection next must not meet what comes late. */
  isOver = false;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return {
      executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
        if (this.isOver) throw new Error('a statement came after the end of its transaction');
        const { command, rowCount, rows } = await this.#connection.query(sql, [...parameters]);
        return { rows, ...(changing.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
      },
      streamQuery: () => {
        throw new Error('rows are not streamed from a transaction');
      },
    };
  }
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
