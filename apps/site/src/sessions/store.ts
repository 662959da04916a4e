import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type Ending, Others, type SessionRules, Session as SessionView } from '../api/console.ts';
import type { JumpItemId } from '../ecm/index.ts';
import { participantsLeft } from './participants.ts';

export interface NewSession {
  readonly id: string;
  readonly correlationId: string;
  readonly processId: string;
  readonly user: { readonly id: number; readonly username: string; readonly name: string };
  readonly item: JumpItemId & { readonly name: string; readonly hostname: string; readonly jumpGroup: string | null };
  readonly credential: string | null;
  readonly account: string;
  readonly reason: string;
  readonly ticket: string;
  readonly requestedAt: Date;
  readonly limitAt: Date | null;
  readonly rules: SessionRules;
}

export const insertSession = async (tx: Sql, session: NewSession): Promise<void> => {
  const { id, correlationId, processId, user, item, rules } = session;
  await sql`
    insert into sessions (session_id, correlation_id, process_id, state, user_id, username, person_name, item_type, item_id,
      item_name, hostname, jump_group, credential, account, reason, ticket, requested_at, limit_at, rules)
    values (${id}, ${correlationId}, ${processId}, 'opening', ${user.id}, ${user.username}, ${user.name}, ${item.type},
      ${item.id}, ${item.name}, ${item.hostname}, ${item.jumpGroup}, ${session.credential}, ${session.account},
      ${session.reason}, ${session.ticket}, ${session.requestedAt}, ${session.limitAt},
      ${JSON.stringify(rules)}::jsonb)`.execute(tx);
};

/** What changes while a session goes on; what is left out stays. */
export interface SessionChange {
  readonly state?: 'opening' | 'waiting' | 'open';
  readonly account?: string;
  readonly openedAt?: Date;
  readonly problem?: string | null;
  readonly hostKey?: string;
  readonly hostKeyIsNew?: boolean;
}

const columns = {
  ...{ state: 'state', account: 'account', openedAt: 'opened_at', problem: 'problem', hostKey: 'host_key' },
  hostKeyIsNew: 'host_key_is_new',
} as const satisfies Record<keyof SessionChange, string>;

/** Null where it has ended. */
export const changeSession = async (tx: Sql, id: string, change: SessionChange): Promise<SessionView | null> => {
  const sets = Object.entries(columns).flatMap(([field, column]) => {
    const value = change[field as keyof SessionChange]; // the keys of columns
    return value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`];
  });
  const { rows } = await sql`update sessions set ${sql.join(sets)} where session_id = ${id} and state <> 'ended'
    returning session_id`.execute(tx);
  return rows.length === 0 ? null : findSession(tx, id);
};

/** Null where it had ended before: a session ends once. */
export const endSession = async (
  tx: Sql,
  id: string,
  end: { readonly ending: Ending; readonly by: string | null; readonly problem: string | null; readonly at: Date },
): Promise<SessionView | null> => {
  const { rows } = await sql`
    update sessions set state = 'ended', ending = ${end.ending}, ended_by = ${end.by}, ended_at = ${end.at},
      problem = ${end.problem}, participants = ${participantsLeft(sql`true`, end.at)}
    where session_id = ${id} and state <> 'ended' returning session_id`.execute(tx);
  return rows.length === 0 ? null : findSession(tx, id);
};

/** The sessions of copies that are gone ended with them. */
export const endOfGoneCopies = async (tx: Sql, at: Date): Promise<readonly { id: string; correlationId: string }[]> => {
  const { rows } = await sql<{ id: string; correlationId: string }>`
    update sessions set state = 'ended', ending = 'site', ended_at = ${at},
      participants = ${participantsLeft(sql`true`, at)}, problem = 'The site stopped while this session was open.'
    where state <> 'ended' and process_id not in (select process_id from site_processes)
    returning session_id as id, correlation_id as "correlationId"`.execute(tx);
  await sql`update recordings r set state = 'kept', ended_at = ${at} from sessions s
    where r.session_id = s.session_id and r.state = 'running' and s.state = 'ended' and s.ending = 'site'`.execute(tx);
  return rows;
};

/** Sessions of this copy that somebody at another one wants to end. */
export const listEndsAsked = async (tx: Sql, processId: string): Promise<readonly { id: string; by: string }[]> => {
  const { rows } = await sql<{ id: string; by: string }>`
    select session_id as id, end_asked_by as by from sessions
    where process_id = ${processId} and state <> 'ended' and end_asked_by is not null limit 100`.execute(tx);
  return rows;
};

export const askEnd = async (tx: Sql, id: string, by: string): Promise<void> => {
  await sql`update sessions set end_asked_by = ${by} where session_id = ${id} and state <> 'ended'`.execute(tx);
};

const When = z.date().transform((at) => at.toISOString());
const Row = z
  .object({
    ...SessionView.omit({ item: true, person: true, rules: true }).shape,
    ...{ requestedAt: When, openedAt: When.nullable(), endedAt: When.nullable(), limitAt: When.nullable() },
    ...{ itemType: z.string(), itemId: z.int(), itemName: z.string(), hostname: z.string() },
    ...{ userId: z.int(), username: z.string(), personName: z.string() },
    recordedBytes: z.coerce.number(),
    rules: SessionView.shape.rules,
  })
  .transform(({ itemType, itemId, itemName, hostname, userId, username, personName, ...row }) =>
    SessionView.parse({
      ...row,
      item: { type: itemType, id: itemId, name: itemName, hostname },
      person: { userId, username, name: personName },
    }),
  );

const shown = sql`
  select s.session_id as id, s.correlation_id as "correlationId", s.state, s.item_type as "itemType", s.item_id as "itemId",
    s.item_name as "itemName", s.hostname, s.jump_group as "jumpGroup", s.user_id as "userId", s.username,
    s.person_name as "personName", s.participants, s.credential, s.account, s.reason, s.ticket, s.requested_at as "requestedAt",
    s.opened_at as "openedAt", s.ended_at as "endedAt", s.ending, s.ended_by as "endedBy", s.problem,
    s.host_key as "hostKey", s.host_key_is_new as "hostKeyIsNew",
    coalesce(r.state, case when s.recording_removed_at is null then 'none' else 'removed' end) as recording,
    coalesce(r.bytes, 0) as "recordedBytes", s.limit_at as "limitAt", s.rules
  from sessions s left join recordings r on r.session_id = s.session_id`;

export const findSession = async (tx: Sql, id: string): Promise<SessionView | null> => {
  const { rows } = await sql`${shown} where s.session_id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export interface SessionsWanted {
  /** Left out: of everybody. */
  readonly userId?: number;
  /** Those that somebody keeps whatever the retention says, or the others. */
  readonly held?: boolean | undefined;
  readonly search?: string | undefined;
  readonly live?: boolean | undefined;
  /** An id: those before it. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Counting goes no further than this: sessions only grow in number. */
const countLimit = 10_000;

/** Over the alias `s`. */
const whereOf = ({ userId, search = '', live, held }: SessionsWanted): RawBuilder<unknown> => {
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const conditions: RawBuilder<unknown>[] = [
    sql`(s.item_name ilike ${like} or s.hostname ilike ${like} or s.username ilike ${like} or s.person_name ilike ${like}
      or s.account ilike ${like} or s.ticket ilike ${like} or s.reason ilike ${like} or s.correlation_id ilike ${like})`,
  ];
  if (userId !== undefined)
    conditions.push(sql`(s.user_id = ${userId} or s.participants @> ${JSON.stringify([{ userId }])}::jsonb)`);
  if (live !== undefined) conditions.push(live ? sql`s.state <> 'ended'` : sql`s.state = 'ended'`);
  if (held !== undefined) conditions.push(held ? sql`s.hold_at is not null` : sql`s.hold_at is null`);
  return sql.join(conditions, sql` and `);
};

/** Newest first. */
export const pageOfSessions = async (tx: Sql, wanted: SessionsWanted) => {
  const { cursor, limit } = wanted;
  const before = cursor !== undefined && /^[0-9a-f-]{36}$/.test(cursor) ? cursor : null;
  const { rows } =
    await sql`${shown} where ${whereOf(wanted)} and (${before}::uuid is null or s.session_id < ${before}::uuid)
    order by s.session_id desc limit ${limit + 1}`.execute(tx);
  const items = z.array(Row).parse(rows.slice(0, limit));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};

/** A page, and how many there are. */
export const listSessions = async (tx: Sql, wanted: SessionsWanted) => {
  const page = await pageOfSessions(tx, wanted);
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from sessions s where ${whereOf(wanted)} limit ${countLimit + 1}) c`.execute(tx);
  const count = counted.rows[0]?.count ?? 0;
  return { ...page, total: { value: Math.min(count, countLimit), exact: count <= countLimit } };
};

/** Live sessions of others with an item, the oldest first. */
export const listOthers = async (tx: Sql, item: JumpItemId, userId: number): Promise<Others['sessions']> => {
  const { rows } = await sql`
    select session_id as id, person_name as person, state, requested_at as since from sessions
    where item_type = ${item.type} and item_id = ${item.id} and state <> 'ended' and user_id <> ${userId}
    order by session_id limit 20`.execute(tx);
  return OtherRows.parse(rows);
};
const OtherRows = z.array(Others.shape.sessions.element.extend({ since: When }));

/** One at a time begins with an item, in this transaction: of two that look at once neither sees the other. */
export const lockItem = async (tx: Sql, { type, id }: JumpItemId): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sessions ${type} ${id}`}, 0))`.execute(tx);
};
