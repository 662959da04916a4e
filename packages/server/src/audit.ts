import { type Sql, uponCommit } from '@gatehouse/database';
import { type Json, newId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Act, ByProgram, Principal, ProgramAct, TenantGrant } from './access.ts';

export interface AuditInput {
  /** `connection.create`: the noun and the verb. */
  readonly action: string;
  /** What it was done to, as a person would name it. */
  readonly target: string;
  /** Before and after, or what was asked. Never a secret: a `Secret` in it becomes `[secret]`. */
  readonly change?: { readonly [field: string]: Json | undefined };
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly correlationId: string;
  readonly change: Record<string, Json>;
}

/**
 * Says who did what, in the caller's transaction: undone together with the change, or kept together. With a tenant's
 * grant the row belongs to that tenant; with an act alone it belongs to the program (`system_audit`), and `sql` must
 * be a system transaction.
 */
export const audit = async (
  tx: Sql,
  by: TenantGrant | Act | ProgramAct | ByProgram,
  { action, target, change = {} }: AuditInput,
): Promise<void> => {
  const { kind, id, name } = actor(by.principal);
  const json = JSON.stringify(change);
  if ('tenantId' in by) {
    await sql`
      insert into audit (tenant_id, audit_id, actor_kind, actor_id, actor_name, action, target, correlation_id, change)
      values (${by.tenantId}, ${newId()}, ${kind}, ${id}, ${name}, ${action}, ${target.slice(0, 500)}, ${by.correlationId}, ${json}::jsonb) ${uponCommit}`.execute(
      tx,
    );
    return;
  }
  await sql`
    insert into system_audit (audit_id, actor_kind, actor_id, actor_name, action, target, correlation_id, change)
    values (${newId()}, ${kind}, ${id}, ${name}, ${action}, ${target.slice(0, 500)}, ${by.correlationId}, ${json}::jsonb) ${uponCommit}`.execute(
    tx,
  );
};

/** Said as it is, or read of the row `done`. */
type Said<T> = T | RawBuilder<T>;

/**
 * Does one thing and says so, in one statement of its own: `doing` changes one row and returns what of it the entry tells.
 * False where it changed none, of which nothing is said. For what somebody waits for: a transaction waits twice.
 */
export const doAndAudit = async (
  owner: Sql,
  by: { readonly principal: Principal; readonly correlationId: Said<string> },
  entry: {
    readonly action: string;
    readonly target: Said<string>;
    readonly change: { readonly [field: string]: Json } | RawBuilder<object>;
  },
  doing: RawBuilder<unknown>,
): Promise<boolean> => {
  const { kind, id, name } = actor(by.principal);
  const { action, target, change } = entry;
  const { rows } = await sql`
    with done as (${doing})
    insert into system_audit (audit_id, actor_kind, actor_id, actor_name, action, target, correlation_id, change)
    select ${newId()}, ${kind}, ${id}, ${name}, ${action}, ${typeof target === 'string' ? target.slice(0, 500) : target},
      ${by.correlationId}, ${isRaw(change) ? change : JSON.stringify(change)}::jsonb from done
    returning audit_id`.execute(owner);
  return rows.length === 1;
};

const isRaw = (said: object): said is RawBuilder<unknown> => 'toOperationNode' in said;

export interface AuditPage {
  readonly items: readonly AuditRow[];
  /** Pass it as `cursor` to go on; null at the end. */
  readonly next: string | null;
}

interface AuditQuery {
  readonly cursor?: string | undefined;
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
  /** A condition over the alias `r`, beside the tenant; left out: every entry. */
  readonly where?: RawBuilder<boolean>;
}

/** Newest first, of the tenant whose transaction `tx` is. */
export const listAudit = (tx: Sql, grant: TenantGrant, query: AuditQuery = {}): Promise<AuditPage> =>
  page(query, async (before, limit) => {
    const { rows } = await sql<AuditRow>`
      select audit_id as id, at, actor_name as actor, action, target, correlation_id as "correlationId", change
      from audit r where tenant_id = ${grant.tenantId} and ${query.where ?? sql`true`} and (${before}::uuid is null or audit_id < ${before}::uuid)
      order by audit_id desc limit ${limit}`.execute(tx);
    return rows;
  });

/** Newest first: what was done outside any tenant. Needs a system transaction and a system administrator. */
export const listSystemAudit = (tx: Sql, query: AuditQuery = {}): Promise<AuditPage> =>
  page(query, async (before, limit) => {
    const { rows } = await sql<AuditRow>`
      select audit_id as id, at, actor_name as actor, action, target, correlation_id as "correlationId", change
      from system_audit r where ${query.where ?? sql`true`} and (${before}::uuid is null or audit_id < ${before}::uuid)
      order by audit_id desc limit ${limit}`.execute(tx);
    return rows;
  });

// Ids are made in order of time, so the last id of a page says where the next one begins.
const page = async (
  { cursor, limit = 50 }: AuditQuery,
  read: (before: string | null, limit: number) => Promise<readonly AuditRow[]>,
): Promise<AuditPage> => {
  const size = Math.min(Math.max(1, limit), 500);
  const before = cursor !== undefined && /^[0-9a-f-]{36}$/.test(cursor) ? cursor : null;
  const rows = await read(before, size + 1);
  const items = rows.slice(0, size);
  return { items, next: rows.length > size ? (items.at(-1)?.id ?? null) : null };
};

const actor = (principal: Principal | ProgramAct['principal']) => {
  const { kind, name } = principal;
  if (kind === 'person') return { kind, id: principal.personId as string, name: `${name} <${principal.email}>` };
  return { kind, id: kind === 'program' ? principal.id : null, name };
};
