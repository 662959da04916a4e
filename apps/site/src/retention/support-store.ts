import { createHash } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Due, type Retention } from '../api/retention.ts';
import type { Removed } from './store.ts';

const day = sql`interval '1 day'`;

/** What `retention` would remove of remote support at a moment. */
export const countSupportDue = async (tx: Sql, kept: Retention, at: Date) => {
  const least = Math.min(kept.supportChatDays, kept.supportRecordingDays, kept.supportFileDays);
  const before = (days: number) => sql`s.ended_at < ${at}::timestamptz - ${days} * ${day}`;
  const { rows } = await sql`
    with due as (
      select s.lsid, s.hold_at is not null as held, ${before(kept.supportSessionDays)} as over,
        s.chat_removed_at is null and ${before(kept.supportChatDays)} as chat,
        ${before(kept.supportRecordingDays)} as recording, ${before(kept.supportFileDays)} as file
      from support_sessions s where s.state = 'ended' and ${before(least)}
    ), blobs as (
      select b.lsid, due.held, b.kind, b.bytes from due join support_blobs b on b.lsid = due.lsid
      where case b.kind when 'screen' then due.recording else due.file end
      union all
      select due.lsid, due.held, 'screen', r.bytes from due join support_shells h on h.lsid = due.lsid
        join recordings r on r.session_id = h.shell_id where due.recording
    ), chats as (
      select due.lsid, due.held from due where chat and exists (
        select from support_events e where e.lsid = due.lsid and e.type = 'chat_message')
    )
    select (select count(*) from due where over and not held)::int as sessions,
      (select count(*) from chats where not held)::int as chats,
      (select count(*) from blobs where kind = 'screen' and not held)::int as recordings,
      (select count(*) from blobs where kind = 'file' and not held)::int as files,
      (select coalesce(sum(bytes), 0) from blobs where not held)::bigint as bytes,
      (select count(*) from due where held and (over or lsid in (select lsid from chats) or lsid in (select lsid from blobs)))::int
        as held`.execute(tx);
  return Due.shape.support.parse(rows[0]);
};

/** A session of which something is too old, and is locked for this transaction. */
export interface DueSupport {
  readonly lsid: string;
  readonly correlationId: string;
  readonly customer: string;
  readonly endedAt: Date;
  readonly chat: boolean;
  readonly recordings: boolean;
  readonly files: boolean;
  /** The session itself is, and all of it with it. */
  readonly isOver: boolean;
}

/** The oldest; those that another copy removes now, that are held, or that are `passed` over do not count. */
export const nextSupportDue = async (tx: Sql, at: Date, passed: readonly string[]): Promise<DueSupport | null> => {
  const isOld = (days: string) => sql`s.ended_at < ${at}::timestamptz - ${sql.ref(`p.${days}`)} * ${day}`;
  const over = isOld('support_session_days');
  const due = (removed: string, days: string) =>
    sql`(${sql.ref(`s.${removed}`)} is null and (${over} or ${isOld(days)}))`;
  const chat = due('chat_removed_at', 'support_chat_days');
  const recordings = due('recordings_removed_at', 'support_recording_days');
  const files = due('files_removed_at', 'support_file_days');
  const { rows } = await sql<DueSupport>`
    select s.lsid, s.correlation_id as "correlationId", s.ended_at as "endedAt", ${chat} as chat,
      ${recordings} as recordings, ${files} as files, ${over} as "isOver",
      coalesce((select name from support_participants c where c.lsid = s.lsid and c.kind = 'customer'
        order by gsnumber limit 1), '') as customer
    from support_sessions s cross join session_retention p
    where s.state = 'ended' and s.hold_at is null and s.lsid <> all(${passed}::text[]) and (${over} or ${chat} or ${recordings} or ${files})
    order by s.ended_at limit 1 for update of s skip locked`.execute(tx);
  return rows[0] ?? null;
};

const columns = { chat: 'chat_removed_at', screen: 'recordings_removed_at', file: 'files_removed_at' } as const;

/** Nobody looks for it again. */
export const markRemoved = async (tx: Sql, lsid: string, what: keyof typeof columns, at: Date): Promise<void> => {
  await sql`update support_sessions set ${sql.ref(columns[what])} = ${at} where lsid = ${lsid}`.execute(tx);
};

/** So many rows at once: what is long is read and deleted in flat memory. */
const atOnce = 500;
const chunksAtOnce = 16;

/** Words of a session that has ended. Bytes and digest are of the rows as JSON, as PostgreSQL writes it, in order. */
export const removeChat = async (tx: Sql, lsid: string): Promise<Removed & { readonly messages: number }> => {
  const digest = createHash('sha256');
  let [bytes, messages] = [0, 0];
  for (let last = atOnce; last === atOnce; ) {
    const { rows } = await sql<{ seq: number; row: string }>`
      delete from support_events e using (
        select seq from support_events where lsid = ${lsid} and type = 'chat_message' order by seq limit ${atOnce}) oldest
      where e.lsid = ${lsid} and e.seq = oldest.seq returning e.seq, to_jsonb(e)::text as row`.execute(tx);
    for (const { row } of rows.toSorted((a, b) => a.seq - b.seq)) {
      digest.update(row);
      bytes += Buffer.byteLength(row);
    }
    messages += rows.length;
    last = rows.length;
  }
  return { messages, bytes, sha256: digest.digest('hex') };
};

export interface RemovedBlob extends Removed {
  readonly id: string;
  readonly name: string;
  readonly chunks: number;
  /** As it was read. */
  readonly bytesSeen: number;
}

/** Files or screens of a session, one after the other. Bytes and digest are of what was stored: the encrypted parts. */
export async function* removeBlobs(tx: Sql, lsid: string, kind: 'file' | 'screen'): AsyncGenerator<RemovedBlob> {
  const { rows: blobs } = await sql<{ id: string; name: string; chunks: number; bytes: number }>`
    select blob_id as id, name, chunks, bytes from support_blobs where lsid = ${lsid} and kind = ${kind}
    order by began_at, blob_id`.execute(tx);
  for (const { id, name, chunks, bytes: bytesSeen } of blobs) {
    const digest = createHash('sha256');
    let bytes = 0;
    for (let last = chunksAtOnce; last === chunksAtOnce; ) {
      const { rows } = await sql<{ seq: number; content: Buffer }>`
        delete from support_blob_chunks c using (
          select seq from support_blob_chunks where blob_id = ${id} order by seq limit ${chunksAtOnce}) oldest
        where c.blob_id = ${id} and c.seq = oldest.seq returning c.seq, c.content`.execute(tx);
      for (const { content } of rows.toSorted((a, b) => a.seq - b.seq)) {
        digest.update(content);
        bytes += content.length;
      }
      last = rows.length;
    }
    await sql`delete from support_blobs where blob_id = ${id}`.execute(tx);
    yield { id, name, chunks, bytesSeen, bytes, sha256: digest.digest('hex') };
  }
}

/** With everybody who was in it and everything that happened: digest and bytes are of all these rows as JSON, in order. */
export const removeSupportSession = async (tx: Sql, lsid: string): Promise<Removed> => {
  const digest = createHash('sha256');
  let bytes = 0;
  const take = (row: string): void => {
    digest.update(row);
    bytes += Buffer.byteLength(row);
  };
  const { rows: people } = await sql<{ row: string }>`
    select to_jsonb(p)::text as row from support_participants p where lsid = ${lsid} order by gsnumber`.execute(tx);
  for (const { row } of people) take(row);
  for (let after = -1, last = atOnce; last === atOnce; ) {
    const { rows } = await sql<{ seq: number; row: string }>`
      select seq, to_jsonb(e)::text as row from support_events e where lsid = ${lsid} and seq > ${after}
      order by seq limit ${atOnce}`.execute(tx);
    for (const { row } of rows) take(row);
    after = rows.at(-1)?.seq ?? after;
    last = rows.length;
  }
  const { rows } = await sql<{ row: string }>`
    delete from support_sessions s where lsid = ${lsid} returning to_jsonb(s)::text as row`.execute(tx);
  take(rows[0]?.row ?? '');
  return { bytes, sha256: digest.digest('hex') };
};
