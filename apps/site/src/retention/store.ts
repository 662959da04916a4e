import { createHash } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Due, Retention } from '../api/retention.ts';

const columns = {
  ...{ shellDays: 'shell_days', desktopDays: 'desktop_days', sessionDays: 'session_days' },
  ...{ supportChatDays: 'support_chat_days', supportRecordingDays: 'support_recording_days' },
  ...{ supportFileDays: 'support_file_days', supportSessionDays: 'support_session_days' },
} as const satisfies Record<keyof Retention, string>;

export const getRetention = async (tx: Sql): Promise<Retention> => {
  const all = Object.entries(columns).map(([name, column]) => sql`${sql.ref(column)} as ${sql.ref(name)}`);
  const { rows } = await sql`select ${sql.join(all)} from session_retention`.execute(tx);
  return Retention.parse(rows[0]);
};

export const saveRetention = async (tx: Sql, kept: Retention): Promise<void> => {
  const all = Object.entries(columns).map(
    ([name, column]) => sql`${sql.ref(column)} = ${kept[name as keyof Retention]}`, // the keys of columns
  );
  await sql`update session_retention set ${sql.join(all)}`.execute(tx);
};

const day = sql`interval '1 day'`;

/** What `retention` would remove at a moment, and how much of it is held. */
export const countDue = async (tx: Sql, { shellDays, desktopDays, sessionDays }: Retention, at: Date) => {
  const { rows } = await sql`
    with due as (
      select s.hold_at is not null as held, s.ended_at < ${at}::timestamptz - ${sessionDays} * ${day} as over,
        r.bytes, s.ended_at < ${at}::timestamptz
          - case r.format when 'asciicast' then ${shellDays}::int else ${desktopDays}::int end * ${day} as recorded
      from sessions s left join recordings r on r.session_id = s.session_id
      where s.state = 'ended' and s.ended_at < ${at}::timestamptz - ${Math.min(shellDays, desktopDays)} * ${day}
    )
    select count(*) filter (where recorded and bytes is not null and not held)::int as recordings,
      coalesce(sum(bytes) filter (where recorded and not held), 0)::bigint as bytes,
      count(*) filter (where over and not held)::int as sessions,
      count(*) filter (where held and (over or (recorded and bytes is not null)))::int as held
    from due`.execute(tx);
  return Counted.parse(rows[0]);
};

const Counted = Due.omit({ support: true });

/** A session of which something is too old, and is locked for this transaction. */
export interface DueSession {
  readonly id: string;
  readonly correlationId: string;
  readonly hostname: string;
  readonly username: string;
  readonly endedAt: Date;
  readonly recording: { readonly format: string; readonly bytes: number; readonly chunks: number } | null;
  /** The session itself is, not its recording alone. */
  readonly isOver: boolean;
}

/** The oldest; those that another copy removes now, that are held, or that are `passed` over do not count. */
export const nextDue = async (tx: Sql, at: Date, passed: readonly string[]): Promise<DueSession | null> => {
  const { rows } = await sql<Omit<DueSession, 'recording'> & { format: string | null; bytes: number; chunks: number }>`
    select s.session_id as id, s.correlation_id as "correlationId", s.hostname, s.username, s.ended_at as "endedAt",
      r.format, r.bytes, r.chunks, s.ended_at < ${at}::timestamptz - p.session_days * ${day} as "isOver"
    from sessions s cross join session_retention p left join recordings r on r.session_id = s.session_id
    where s.state = 'ended' and s.hold_at is null and s.session_id <> all(${passed}::uuid[])
      and s.ended_at < ${at}::timestamptz - least(p.shell_days, p.desktop_days) * ${day}
      and (s.ended_at < ${at}::timestamptz - p.session_days * ${day} or (r.session_id is not null and s.ended_at <
        ${at}::timestamptz - case r.format when 'asciicast' then p.shell_days else p.desktop_days end * ${day}))
    order by s.ended_at limit 1 for update of s skip locked`.execute(tx);
  const row = rows[0];
  if (row === undefined) return null;
  const { format, bytes, chunks, ...session } = row;
  return { ...session, recording: format === null ? null : { format, bytes, chunks } };
};

/** What was taken away: as many bytes, with this digest. */
export interface Removed {
  readonly bytes: number;
  readonly sha256: string;
}

/** So many parts at once: a long recording is read and deleted in flat memory. */
const atOnce = 16;

/** Bytes and digest are of what was stored, part after part: the encrypted ones, as a copy of the database has them. */
export const removeRecording = async (tx: Sql, sessionId: string, at: Date): Promise<Removed> => {
  const digest = createHash('sha256');
  let bytes = 0;
  for (let last = atOnce; last === atOnce; ) {
    const { rows } = await sql<{ seq: number; content: Buffer }>`
      delete from recording_chunks c using (
        select seq from recording_chunks where session_id = ${sessionId} order by seq limit ${atOnce}) oldest
      where c.session_id = ${sessionId} and c.seq = oldest.seq returning c.seq, c.content`.execute(tx);
    for (const { content } of rows.toSorted((a, b) => a.seq - b.seq)) {
      digest.update(content);
      bytes += content.length;
    }
    last = rows.length;
  }
  await sql`delete from recordings where session_id = ${sessionId}`.execute(tx);
  await sql`update sessions set recording_removed_at = ${at} where session_id = ${sessionId}`.execute(tx);
  return { bytes, sha256: digest.digest('hex') };
};

/** Bytes and digest are of the row as JSON, as PostgreSQL writes it. */
export const removeSession = async (tx: Sql, sessionId: string): Promise<Removed> => {
  const { rows } = await sql<{ row: string }>`
    delete from sessions s where session_id = ${sessionId} returning to_jsonb(s)::text as row`.execute(tx);
  const row = Buffer.from(rows[0]?.row ?? '');
  return { bytes: row.length, sha256: createHash('sha256').update(row).digest('hex') };
};
