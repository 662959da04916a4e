import type { TenantId } from '@gatehouse/kernel';
import type { Kysely } from 'kysely';

/**
 * A transaction. Statements are written with Kysely's `sql` template: `` sql<Row>`select …`.execute(tx) ``.
 * Values are always parameters.
 */
export type Sql = Kysely<unknown>;

/** The one door to PostgreSQL. */
export interface Database {
  /**
   * One transaction as the tenant role: row-level security shows and accepts only rows of `tenantId`.
   * Everything a person, a filter or a job of a tenant does goes through here.
   */
  tenant<T>(tenantId: TenantId, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One transaction as the owner, for what belongs to no tenant: people, tenants themselves, jobs, migrations. */
  system<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Address with the password masked, for messages. */
  readonly address: string;
  /** Resolves when a query answers within `timeoutMs`; rejects with a sentence for people. */
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A step of the schema, applied once, in order of its name, in one transaction. Names are `0001-what-it-adds`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}
