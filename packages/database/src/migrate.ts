import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from './database.ts';
import { sqlState } from './pg-fault.ts';
import { StartFault } from './start-fault.ts';

/**
 * Applies what is missing, in order of name, each in one transaction. Two copies of a program may start at once: the
 * second waits. A step that was applied and has changed since is refused, because the database no longer matches it.
 */
export const migrate = (owner: Kysely<unknown>, migrations: readonly Migration[]): Promise<void> =>
  owner.connection().execute(async (one) => {
    const ordered = inOrder(migrations);
    // A step over a large table takes its time, and a copy that started beside it waits for that.
    await sql`select set_config('statement_timeout', '1h', false), set_config('lock_timeout', '1h', false)`.execute(
      one,
    );
    await sql`select pg_advisory_lock(${lock})`.execute(one);
    try {
      await sql`create table if not exists migrations (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now())`.execute(one);
      const { rows } = await sql<{ name: string; sha256: string }>`select name, sha256 from migrations`.execute(one);
      const applied = new Map(rows.map((row) => [row.name, row.sha256]));
      for (const step of ordered) await apply(one, step, applied.get(step.name));
      await sql.raw(grants).execute(one);
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(one);
      await sql`reset statement_timeout`.execute(one);
      await sql`reset lock_timeout`.execute(one);
    }
  });

/** Any number that no other program uses as an advisory lock: "gate" in ASCII. */
const lock = 0x67617465;

const apply = async (one: Kysely<unknown>, step: Migration, applied: string | undefined): Promise<void> => {
  const sha256 = createHash('sha256').update(step.sql).digest('hex');
  if (applied === sha256) return;
  if (applied !== undefined) {
    throw new StartFault(
      `The database was prepared by another build: its step ${step.name} differs from this one's. Start the build that prepared it, or use another database.`,
      '--database-url',
    );
  }
  await one.transaction().execute(async (tx) => {
    for (const name of step.extensions ?? []) await addExtension(tx, name);
    await sql.raw(step.sql).execute(tx);
    await sql`insert into migrations (name, sha256) values (${step.name}, ${sha256})`.execute(tx);
  });
};

/** Comes with every PostgreSQL, in some distributions as a package of its own; most may add it without being superuser. */
const addExtension = async (tx: Kysely<unknown>, name: string): Promise<void> => {
  try {
    await sql`create extension if not exists ${sql.id(name)}`.execute(tx);
  } catch (cause) {
    const advice = adviceOn(name)[sqlState(cause) ?? ''];
    throw advice ? new StartFault(advice, '--database-url', { cause }) : cause;
  }
};

const adviceOn = (name: string): Readonly<Record<string, string>> => {
  const missing = `The server of --database-url has no extension ${name}. Install PostgreSQL's contrib package there (postgresql-contrib), then start again.`;
  return {
    '42501': `The user of --database-url may not add the extension ${name}. Let a superuser run "create extension ${name}" in that database once, then start again.`,
    // Older versions miss the file of the extension rather than the extension.
    '0A000': missing,
    '58P01': missing,
  };
};

const inOrder = (migrations: readonly Migration[]): readonly Migration[] => {
  const ordered = migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  ordered.forEach(({ name }, index) => {
    if (!/^\d{4}-[a-z0-9-]+$/.test(name)) throw new Error(`The migration ${name} is not named like 0001-what-it-adds.`);
    if (ordered[index + 1]?.name === name) throw new Error(`Two migrations have the name ${name}.`);
  });
  return ordered;
};

/**
 * The tenant role may use every table that belongs to tenants and is fenced, and nothing else. A table whose own
 * migration grants something to the role (an audit that may only grow, a table without tenant_id) is left as it is.
 */
const grants = `do $$ declare fenced regclass; begin
  for fenced in
    select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and not has_table_privilege('gatehouse_tenant', c.oid, 'select, insert, update, delete')
  loop
    execute format('grant select, insert, update, delete on %s to gatehouse_tenant', fenced);
  end loop;
  grant usage on schema public to gatehouse_tenant;
end $$`;
