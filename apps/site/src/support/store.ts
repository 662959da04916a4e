import { randomBytes } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Attributes } from './attributes.ts';
import type { Destination, Queue } from './queues.ts';

const Row = z
  .object({
    lsid: z.string(),
    lseq: z.coerce.number(),
    correlationId: z.string(),
    state: z.enum(['waiting', 'active', 'ended']),
    queueType: z.enum(['general', 'rep', 'team']),
    queueId: z.int().nullable(),
    issue: z.string().nullable(),
    priority: z.int(),
    externalKey: z.string(),
    fields: z.record(z.string(), z.string()),
    beganAt: z.date(),
    waitingSince: z.date().nullable(),
    waitedSeconds: z.int(),
    endedAt: z.date().nullable(),
    endReason: z.string().nullable(),
    owner: z.int().nullable(),
    /** The Jump Client whose machine is the customer's side; null: a person is. */
    jumpClientId: z.int().nullable(),
  })
  .transform(({ queueType, queueId, externalKey, fields, ...row }) => ({
    ...row,
    queue: toQueue(queueType, queueId),
    attributes: { externalKey, fields },
  }));
export type SupportSession = z.output<typeof Row>;

export const toQueue = (type: 'general' | 'rep' | 'team', id: number | null): Queue =>
  type === 'general' ? { type } : { type, id: id ?? 0 };
export const queueColumns = (queue: Queue) => ({ type: queue.type, id: queue.type === 'general' ? null : queue.id });

const columns = sql`s.lsid, s.lseq, s.correlation_id as "correlationId", s.state, s.queue as "queueType",
  s.queue_id as "queueId", s.issue, s.priority, s.external_key as "externalKey", s.attributes as fields,
  s.began_at as "beganAt", s.waiting_since as "waitingSince", s.waited_seconds as "waitedSeconds",
  s.ended_at as "endedAt", s.end_reason as "endReason", s.owner, s.jump_client_id as "jumpClientId"`;

/** On what terms the machine of a Jump Client is used, as they were when that began. */
export interface MachineTerms {
  readonly isRecorded: boolean;
  /** Null: no limit. */
  readonly limitAt: Date | null;
}

export interface NewSupportSession extends Destination {
  readonly correlationId: string;
  readonly attributes: Attributes;
  /** The customer's side, where it is no person. */
  readonly machine?: { readonly clientId: number; readonly terms: MachineTerms };
  readonly at: Date;
}

/** A new session that waits. Nobody is in it yet. */
export const insertSession = async (tx: Sql, session: NewSupportSession): Promise<string> => {
  const lsid = randomBytes(16).toString('hex');
  const { type, id } = queueColumns(session.queue);
  const { externalKey, fields } = session.attributes;
  const { clientId = null, terms = { isRecorded: true, limitAt: null } } = session.machine ?? {};
  await sql`
    insert into support_sessions (lsid, correlation_id, state, queue, queue_id, issue, priority, external_key, attributes,
      began_at, waiting_since, jump_client_id, machine_recorded, machine_limit_at)
    values (${lsid}, ${session.correlationId}, 'waiting', ${type}, ${id}, ${session.issue}, ${session.priority},
      ${externalKey}, ${JSON.stringify(fields)}::jsonb, ${session.at}, ${session.at}, ${clientId},
      ${terms.isRecorded}, ${terms.limitAt})`.execute(tx);
  return lsid;
};

export const isLsid = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);

/** Locked until the end of the transaction: what happens to one session happens one by one. */
export const lockSession = async (tx: Sql, lsid: string): Promise<SupportSession | null> => {
  if (!isLsid(lsid)) return null;
  const { rows } = await sql`
    select ${columns} from support_sessions s where lsid = ${lsid.toLowerCase()} for update`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export const findSession = async (tx: Sql, lsid: string): Promise<SupportSession | null> => {
  if (!isLsid(lsid)) return null;
  const { rows } = await sql`select ${columns} from support_sessions s where lsid = ${lsid.toLowerCase()}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

/** Newest first; `before` is an `lseq`, and `isMeant` is over the alias `s`. */
export const pageWhere = async (
  tx: Sql,
  isMeant: RawBuilder<unknown>,
  before: number | null,
  limit: number,
): Promise<readonly SupportSession[]> => {
  const { rows } = await sql`
    select ${columns} from support_sessions s
    where (${before}::bigint is null or s.lseq < ${before}::bigint) and ${isMeant}
    order by s.lseq desc limit ${limit}`.execute(tx);
  return z.array(Row).parse(rows);
};

/** What waits, in the order it should be taken: by priority, then the longest. */
export const listWaiting = async (tx: Sql): Promise<readonly SupportSession[]> => {
  const { rows } = await sql`
    select ${columns} from support_sessions s where s.state = 'waiting'
    order by s.priority, s.waiting_since, s.lseq limit 1000`.execute(tx);
  return z.array(Row).parse(rows);
};

export const listSessionsOf = (tx: Sql, userId: number): Promise<readonly SupportSession[]> =>
  listSessionsWhere(
    tx,
    sql`s.state <> 'ended' and exists (select from support_participants p
      where p.lsid = s.lsid and p.user_id = ${userId} and p.left_at is null)`,
  );

/** At most a thousand, in the order they began. */
export const listSessionsWhere = async (
  tx: Sql,
  isMeant: ReturnType<typeof sql>,
): Promise<readonly SupportSession[]> => {
  const { rows } = await sql`
    select ${columns} from support_sessions s where ${isMeant} order by s.lseq limit 1000`.execute(tx);
  return z.array(Row).parse(rows);
};

/** Waits anew; the time in the queue begins anew with it. */
export const setWaiting = async (tx: Sql, lsid: string, destination: Queue, at: Date): Promise<void> => {
  const { type, id } = queueColumns(destination);
  await sql`update support_sessions set state = 'waiting', queue = ${type}, queue_id = ${id}, owner = null,
    waited_seconds = waited_seconds + coalesce(extract(epoch from ${at} - waiting_since)::int, 0), waiting_since = ${at}
    where lsid = ${lsid}`.execute(tx);
};

export const setActive = async (tx: Sql, lsid: string, owner: number, at: Date): Promise<void> => {
  await sql`update support_sessions set state = 'active', owner = ${owner}, waiting_since = null,
    waited_seconds = waited_seconds + coalesce(extract(epoch from ${at} - waiting_since)::int, 0)
    where lsid = ${lsid}`.execute(tx);
};

export const setEnded = async (tx: Sql, lsid: string, reason: string, at: Date): Promise<void> => {
  await sql`update support_sessions set state = 'ended', owner = null, end_reason = ${reason}, ended_at = ${at},
    waited_seconds = waited_seconds + coalesce(extract(epoch from ${at} - waiting_since)::int, 0), waiting_since = null
    where lsid = ${lsid}`.execute(tx);
};

export const setAttributes = async (tx: Sql, lsid: string, { externalKey, fields }: Attributes): Promise<void> => {
  await sql`update support_sessions set external_key = ${externalKey}, attributes = ${JSON.stringify(fields)}::jsonb
    where lsid = ${lsid}`.execute(tx);
};
