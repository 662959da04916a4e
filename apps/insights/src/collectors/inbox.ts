import type { Batch } from '@gatehouse/connector-kit/ingest';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { parsePosition } from './position.ts';

/** Where the sending of a stream stands: the generation that came last, and the sequence that follows in it. */
export interface StreamPlace {
  readonly stream: string;
  readonly generation: number;
  readonly next: number;
}

export type Arrival =
  | { readonly state: 'stored' | 'known' }
  | { readonly state: 'out-of-order'; readonly place: { generation: number; next: number } | null };

export interface Arrived {
  readonly tenantId: TenantId;
  readonly connectionId: string;
  readonly batch: Batch;
  /** As it travelled. */
  readonly body: Uint8Array;
  /** Events are only added to: what a newer generation has does not replace them. */
  readonly appends: boolean;
  readonly at: Date;
}

/** Keeps a batch when it is the next of its stream. The place is locked, so that two copies of one are one. */
export const storeBatch = async (tx: Sql, arrived: Arrived): Promise<Arrival> => {
  const { tenantId, connectionId, batch, body, appends, at } = arrived;
  const { stream, generation, sequence, type } = batch;
  const place = await lockPlace(tx, tenantId, connectionId, stream);
  const isNext = place?.generation === generation && place.next === sequence;
  const isAnew = sequence === 0 && generation > (place?.generation ?? 0);
  if (!isNext && !isAnew) {
    if (place?.generation === generation && sequence < place.next) return { state: 'known' };
    const { generation: had = 0, next = 0 } = place ?? {};
    return { state: 'out-of-order', place: had > 0 ? { generation: had, next } : null };
  }
  if (isAnew && !appends) {
    await sql`delete from inbox where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}
      and generation < ${generation}`.execute(tx);
  }
  await sql`
    insert into inbox (tenant_id, connection_id, stream, generation, sequence, type, body, arrived_at)
    values (${tenantId}, ${connectionId}, ${stream}, ${generation}, ${sequence}, ${type}, ${Buffer.from(body)}, ${at})`.execute(
    tx,
  );
  await sql`
    update stream_places set generation = ${generation}, next = ${sequence + 1},
      caveats = coalesce(${type === 'end' ? JSON.stringify(batch.caveats) : null}::jsonb, caveats)
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}`.execute(tx);
  return { state: 'stored' };
};

/** Generation 0 is that of a stream of which nothing came. */
const lockPlace = async (tx: Sql, tenantId: TenantId, connectionId: string, stream: string) => {
  await sql`
    insert into stream_places (tenant_id, connection_id, stream, generation, next)
    values (${tenantId}, ${connectionId}, ${stream}, 0, 0) on conflict do nothing`.execute(tx);
  const { rows } = await sql<StreamPlace>`
    select stream, generation, next from stream_places
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream} for update`.execute(tx);
  return rows[0];
};

/** Streams of a connection of which something came; `kind` is the plugin that their names begin with. */
export const listPlaces = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  kind: string,
): Promise<readonly StreamPlace[]> => {
  const { rows } = await sql<StreamPlace>`
    select stream, generation, next from stream_places
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and generation > 0
      and starts_with(stream, ${`${kind}-`}) order by stream limit 200`.execute(tx);
  return rows;
};

/** Forgets what came of a stream, so that it is sent from the beginning. */
export const forgetStream = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  stream: string,
): Promise<void> => {
  for (const table of ['inbox', 'stream_places']) {
    await sql`delete from ${sql.id(table)}
      where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}`.execute(tx);
  }
};

/** Bytes that wait to be read. */
export const countWaiting = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<number> => {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(octet_length(body)), 0)::bigint as bytes from inbox
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return rows[0]?.bytes ?? 0;
};

export interface Waiting {
  readonly generation: number;
  readonly sequence: number;
  readonly type: Batch['type'];
  readonly body: Buffer;
  readonly arrivedAt: Date;
}

/** The first batches after a position, in the order in which they were read there. */
export const listWaiting = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  stream: string,
  after: { readonly generation: number; readonly sequence: number },
  limit: number,
): Promise<readonly Waiting[]> => {
  const { rows } = await sql<Waiting>`
    select generation, sequence, type, body, arrived_at as "arrivedAt" from inbox
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}
      and (generation, sequence) > (${after.generation}::bigint, ${after.sequence}::bigint)
    order by generation, sequence limit ${limit}`.execute(tx);
  return rows;
};

/** When the newest run of a connection that is over began. */
export const lastRunAt = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<Date | null> => {
  const { rows } = await sql<{ at: Date | null }>`
    select max(started_at) as at from runs
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and ended_at is not null`.execute(tx);
  return rows[0]?.at ?? null;
};

/** Deletes what a committed cursor proves to be in the inventory. */
export const pruneInbox = async (tx: Sql, tenantId: TenantId, connectionId: string, stream: string): Promise<void> => {
  const { rows } = await sql<{ cursor: string | null }>`
    select cursor from stream_states
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}`.execute(tx);
  const position = parsePosition(rows[0]?.cursor ?? null);
  if (!position) return;
  await sql`
    delete from inbox where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream}
      and (generation, sequence) <= (${position.generation}::bigint, ${position.sequence}::bigint)`.execute(tx);
};
