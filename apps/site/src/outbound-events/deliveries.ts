import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { getApplianceId } from '../options/index.ts';
import { type Recipient, recipientColumns } from './queue.ts';
import type { Message, Outcome } from './send.ts';

export interface Delivery {
  readonly place: number;
  readonly deliveryId: string;
  readonly event: string;
  readonly lsid: string;
  readonly at: Date;
  readonly state: 'queued' | 'delivered' | 'given_up';
  readonly isTest: boolean;
  readonly replayOf: string | null;
  readonly tries: number;
  readonly triedAt: Date | null;
  readonly status: number | null;
  readonly error: string;
}

const columns = sql`place, delivery_id as "deliveryId", event, lsid, at, state, is_test as "isTest", replay_of as "replayOf",
  tries, tried_at as "triedAt", status, error`;

/** Newest first; `before` is a place. */
export const listDeliveries = async (
  tx: Sql,
  recipientId: number,
  page: {
    readonly before: number | null;
    readonly state: string | null;
    readonly search: string;
    readonly limit: number;
  },
): Promise<readonly Delivery[]> => {
  const like = `%${page.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<Delivery>`
    select ${columns} from outbound_deliveries where recipient_id = ${recipientId}
      and (${page.before}::bigint is null or place < ${page.before}::bigint)
      and (${page.state}::text is null or state = ${page.state}::text)
      and (event ilike ${like} or lsid ilike ${like} or error ilike ${like})
    order by place desc limit ${page.limit}`.execute(tx);
  return rows;
};

export const findRecipient = async (tx: Sql, id: number): Promise<Recipient | null> => {
  const { rows } = await sql<Recipient>`
    select ${recipientColumns} from outbound_recipients r where id = ${id}`.execute(tx);
  return rows[0] ?? null;
};

export const saveSealed = async (
  tx: Sql,
  id: number,
  field: 'secret' | 'token',
  sealed: string | null,
): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    update outbound_recipients set ${sql.ref(field)} = ${sealed}, next_try_at = null where id = ${id}
    returning name`.execute(tx);
  return rows[0]?.name ?? null;
};

/** As many as one replay may queue. */
export const mostReplayed = 10_000;

/** At the end of the queue, in the order of before. A replay is not replayed with what it repeats. */
export const replay = async (
  tx: Sql,
  recipientId: number,
  which: { readonly deliveryId: string } | { readonly since: Date },
): Promise<number> => {
  const wanted =
    'deliveryId' in which ? sql`delivery_id = ${which.deliveryId}` : sql`replay_of is null and at >= ${which.since}`;
  const { rows } = await sql<{ count: number }>`
    with replayed as (
      insert into outbound_deliveries (recipient_id, event, lsid, at, parameters, replay_of)
      select recipient_id, event, lsid, at, parameters, delivery_id from outbound_deliveries
      where recipient_id = ${recipientId} and state <> 'queued' and not is_test and ${wanted}
      order by place limit ${mostReplayed + 1} returning 1)
    select count(*)::int as count from replayed`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** A message that says in its name that nothing happened, of a session that never was. */
export const toTest = async (tx: Sql, at: Date): Promise<Message['parameters']> => ({
  ...{ event: 'test', version: '1', timestamp: String(Math.floor(at.getTime() / 1_000)) },
  ...{ appliance_id: await getApplianceId(tx), lsid: '0'.repeat(32), external_key: '' },
});

/** It never waited: the queue goes on beside it. */
export const saveTest = async (
  tx: Sql,
  recipientId: number,
  { deliveryId, parameters }: Message,
  { status, error }: Outcome,
  at: Date,
): Promise<Delivery | null> => {
  const state = error === '' ? 'delivered' : 'given_up';
  const { rows } = await sql<Delivery>`
    insert into outbound_deliveries (delivery_id, recipient_id, event, lsid, at, parameters, is_test, state, tries,
      first_tried_at, tried_at, status, error, over_at)
    select ${deliveryId}, id, 'test', ${parameters.lsid}, ${at}, ${JSON.stringify(parameters)}::jsonb, true, ${state}, 1,
      ${at}, ${at}, ${status}, ${error}, ${at} from outbound_recipients where id = ${recipientId}
    returning ${columns}`.execute(tx);
  return rows[0] ?? null;
};
