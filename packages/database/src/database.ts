import type { TenantId } from '@gatehouse/kernel';
import type { Kysely } from 'kysely';

/**
 * A transaction. Statements are written with Kysely's `sql` template: `` sql<Row>`select …`.execute(tx) ``.
 * Values are always parameters. `bigint` arrives as a number, `timestamptz` as a Date.
 */
export type Sql = Kysely<unknown>;

/** The one door to PostgreSQL. What cannot be done is a Fault (`unreachable`) or a `ConstraintError`. */
export interface Database {
  /**
   * One transaction as the tenant role: row-level security shows and accepts only rows of `tenantId`.
   * Everything a person, a filter or a job of a tenant does goes through here. Not to be nested.
   */
  tenant<T>(tenantId: TenantId, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One transaction as the owner, for what belongs to no tenant: people, tenants themselves, jobs, migrations. */
  system<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** As the owner, on one connection, without a transaction: only for reading, each statement sees what is there then. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One transaction as the owner that can COPY, which row-level security does not allow: only for the bulk writer. */
  bulk<T>(work: (bulk: Bulk) => Promise<T>): Promise<T>;
  /**
   * Statements as the owner, each on its own: for libraries that bring their own SQL (sign-in, jobs), and for what is one
   * statement as a whole.
   */
  readonly owner: Sql;
  /** Address with the password masked, for messages. */
  readonly address: string;
  /** Resolves when a query answers within `timeoutMs`; rejects with a sentence for people. */
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A transaction on one connection that moves rows by the million. */
export interface Bulk {
  /** One statement; `$1` names the first value. */
  query<Row extends object>(statement: string, values?: readonly unknown[]): Promise<{ rows: Row[]; count: number }>;
  /** `copy … from stdin`: takes whole chunks of any size. Resolves with the rows written. */
  copyIn(statement: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<number>;
  /** `copy … to stdout`: chunks end anywhere, also in the middle of a row. */
  copyOut(statement: string): AsyncIterable<Buffer>;
}

/** A step of the schema, applied once, in order of its name, in one transaction. Names are `0001-what-it-adds`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** Extensions that it needs, added before it. */
  readonly extensions?: readonly string[];
}
