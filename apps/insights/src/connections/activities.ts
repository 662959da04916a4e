import type { Sql } from '@gatehouse/database';
import { type Health, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Activity } from '../api/connections.ts';
import { KeptFault, toFaultWords } from './fault-words.ts';

export type ActivityKind = z.output<typeof Activity>['kind'];

/** One entry of a connection's timeline. */
export interface Happening {
  readonly connectionId: string;
  readonly at: Date;
  readonly kind: ActivityKind;
  readonly title: string;
  readonly actor?: string | null;
  readonly health?: Health | null;
  readonly stream?: string | null;
  readonly fault?: KeptFault | null;
  readonly runId?: string | null;
}

/** Written in the transaction of what happened, so that neither is without the other. */
export const writeActivity = async (tx: Sql, tenantId: TenantId, happening: Happening): Promise<void> => {
  const {
    connectionId,
    at,
    kind,
    title,
    actor = null,
    health = null,
    stream = null,
    fault = null,
    runId = null,
  } = happening;
  await sql`
    insert into activities (tenant_id, activity_id, connection_id, at, kind, title, actor, health, stream, fault, run_id)
    values (${tenantId}, ${newId(at.getTime())}, ${connectionId}, ${at}, ${kind}, ${title.slice(0, 500)}, ${actor}, ${health},
      ${stream}, ${fault === null ? null : JSON.stringify(fault)}::jsonb, ${runId})`.execute(tx);
  await sql`
    update connections set last_activity_at = greatest(last_activity_at, ${at})
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
};

interface ActivityRow {
  readonly activity_id: string;
  readonly at: Date;
  readonly kind: ActivityKind;
  readonly title: string;
  readonly actor: string | null;
  readonly health: Health | null;
  readonly stream: string | null;
  readonly fault: unknown;
  readonly run_id: string | null;
}

/** Newest first. `before` is the id of the last entry of the page before. */
export const listActivities = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly ActivityRow[]> => {
  const { rows } = await sql<ActivityRow>`
    select activity_id, at, kind, title, actor, health, stream, fault, run_id from activities
    where tenant_id = ${tenantId} and connection_id = ${connectionId}
      and (${page.before}::uuid is null or activity_id < ${page.before}::uuid)
    order by activity_id desc limit ${page.limit}`.execute(tx);
  return rows;
};

export const countActivities = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from activities
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** `titleOf` gives the title of a stream, for the words of a fault. */
export const toActivity = (
  row: ActivityRow,
  system: string,
  titleOf: (stream: string) => string,
): z.input<typeof Activity> => {
  const fault = KeptFault.safeParse(row.fault);
  return {
    id: row.activity_id,
    at: row.at.toISOString(),
    kind: row.kind,
    title: row.title,
    actor: row.actor,
    health: row.health,
    stream: row.stream === null ? null : titleOf(row.stream),
    fault: fault.success
      ? toFaultWords(fault.data, { system, stream: row.stream === null ? null : titleOf(row.stream) })
      : null,
    runId: row.run_id,
  };
};
