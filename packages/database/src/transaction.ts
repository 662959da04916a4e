import {
  type CompiledQuery,
  DefaultConnectionProvider,
  DefaultQueryExecutor,
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
  pinned(connect, async (statements, connection) => {
    await connection.query('begin');
    try {
      const result = await work(kyselyOn(statements));
      statements.isOver = true;
      const { command } = await connection.query('commit');
      if (command === 'ROLLBACK') throw new Error('a statement had failed, so nothing of this transaction was kept');
      return result;
    } catch (error) {
      // Parts of the work that go on must not be kept by a statement behind the end.
      statements.isOver = true;
      // Where this fails, too, the connection is gone, and with it the transaction.
      await connection.query('rollback').catch(() => undefined);
      throw error;
    }
  });

/** Runs `work` with statements that share one connection, each kept by itself. */
export const onConnection = <T>(connect: () => Promise<Connection>, work: (sql: Sql) => Promise<T>): Promise<T> =>
  pinned(connect, (statements) => work(kyselyOn(statements)));

const pinned = async <T>(
  connect: () => Promise<Connection>,
  work: (statements: Statements, connection: Connection) => Promise<T>,
): Promise<T> => {
  const connection = await connect();
  const statements = new Statements(connection);
  try {
    return await work(statements, connection);
  } finally {
    statements.isOver = true;
    connection.release();
  }
};

const dialect = {
  createDriver: () => new DummyDriver(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (sql: Kysely<unknown>) => new PostgresIntrospector(sql),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const unused = { config: { dialect }, dialect, driver: dialect.createDriver() };
const noOther = new DefaultConnectionProvider(unused.driver);
const [compiler, adapter] = [dialect.createQueryCompiler(), dialect.createAdapter()];

const kyselyOn = (executor: Statements): Sql => new Kysely<unknown>({ ...unused, executor });

/**
 * Statements of one connection. Those that do not wait for one another's answers are sent at once and answered in the order
 * in which they were begun; Kysely's own way asks for a connection before each of them, and its transactions send one at a
 * time.
 */
class Statements extends DefaultQueryExecutor {
  readonly #connection: Connection;
  /** Whoever has the connection next must not meet what comes late. */
  isOver = false;

  constructor(connection: Connection) {
    super(compiler, adapter, noOther);
    this.#connection = connection;
  }

  override async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.isOver) throw new Error('a statement came after the end of its transaction');
    const { command, rowCount, rows } = await this.#connection.query(sql, [...parameters]);
    return { rows, ...(changing.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
  }
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
