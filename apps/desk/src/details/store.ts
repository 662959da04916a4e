import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { SessionReport } from '../api/report.ts';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';

const Row = z.object({
  connectionId: z.string(),
  lsid: z.string(),
  externalKey: z.string(),
  ticketId: z.string().nullable(),
  ticketNumber: z.string().nullable(),
  ticketUrl: z.string().nullable(),
  outcome: z.enum(['new', 'attached', 'created', 'ignored', 'unmatched', 'gone']),
  state: z.enum(['unknown', 'open', 'ended']),
  customer: z.string(),
  representative: z.string(),
  beganAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  report: SessionReport.nullable(),
  reportedAt: z.date().nullable(),
  dueAt: z.date().nullable(),
  tries: z.int(),
  problem: z.string(),
  deadAt: z.date().nullable(),
  firstHeardAt: z.date(),
});
export type DeskSession = z.output<typeof Row>;

const columns = (report: boolean) => sql`connection_id as "connectionId", lsid, external_key as "externalKey",
  ticket_id as "ticketId", ticket_number as "ticketNumber", ticket_url as "ticketUrl", outcome, state, customer,
  representative, began_at as "beganAt", ended_at as "endedAt", ${report ? sql`report` : sql`null::jsonb`} as report,
  reported_at as "reportedAt", due_at as "dueAt", tries, problem, dead_at as "deadAt", first_heard_at as "firstHeardAt"`;

/** Has it looked at soon; what was given up is tried again. */
export const tellSession = async (tx: Sql, connectionId: string, lsid: string, at: Date): Promise<void> => {
  await sql`
    insert into desk_sessions as s (connection_id, lsid, due_at, first_heard_at) values (${connectionId}, ${lsid}, ${at}, ${at})
    on conflict (connection_id, lsid) do update set due_at = least(coalesce(s.due_at, excluded.due_at), excluded.due_at),
      tries = 0, dead_at = null`.execute(tx);
};

/** Has those of a ticket looked at soon that are not long over: something became of the ticket. */
export const tellTicket = async (
  tx: Sql,
  { connectionId, ticketId, at }: { readonly connectionId: string; readonly ticketId: string; readonly at: Date },
): Promise<void> => {
  await sql`
    update desk_sessions set due_at = least(coalesce(due_at, ${at}), ${at}) where connection_id = ${connectionId}
      and ticket_id = ${ticketId} and dead_at is null
      and (ended_at is null or ended_at > ${at}::timestamptz - interval '30 days')`.execute(tx);
};

export interface Holder {
  readonly id: string;
  readonly leaseMs: number;
}

/** The one that is due for the longest; nobody else has it until it is released, or the time is over. */
export const claimDue = async (tx: Sql, { id, leaseMs }: Holder, now: Date): Promise<DeskSession | null> => {
  const { rows } = await sql<{ connectionId: string; lsid: string }>`
    update desk_sessions s set due_at = null, holder = ${id}, held_until = ${new Date(now.getTime() + leaseMs)}
    from (select d.connection_id, d.lsid from desk_sessions d join desk_connections c on c.connection_id = d.connection_id
      where d.dead_at is null and c.enabled
        and ((d.holder is null and d.due_at <= ${now}) or (d.holder is not null and d.held_until < ${now}))
      order by coalesce(d.due_at, d.held_until) limit 1 for update of d skip locked) next
    where s.connection_id = next.connection_id and s.lsid = next.lsid
    returning s.connection_id as "connectionId", s.lsid`.execute(tx);
  return rows[0] === undefined ? null : findSession(tx, rows[0].connectionId, rows[0].lsid);
};

export const findSession = async (tx: Sql, connectionId: string, lsid: string): Promise<DeskSession | null> => {
  const { rows } = await sql`
    select ${columns(true)} from desk_sessions where connection_id = ${connectionId}::uuid and lsid = ${lsid}`.execute(
    tx,
  );
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

/** What was found out about it: the report, and where it belongs. */
export const saveFound = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  found: Pick<DeskSession, 'externalKey' | 'state' | 'customer' | 'representative' | 'beganAt' | 'endedAt'> & {
    readonly report: SessionReport;
    readonly at: Date;
  },
): Promise<void> => {
  await sql`
    update desk_sessions set external_key = ${found.externalKey}, state = ${found.state}, customer = ${found.customer},
      representative = ${found.representative}, began_at = ${found.beganAt}, ended_at = ${found.endedAt},
      report = ${JSON.stringify(found.report)}::jsonb, reported_at = ${found.at}
    where connection_id = ${connectionId} and lsid = ${lsid}`.execute(tx);
};

export const saveTicket = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  ticket: { readonly id: string; readonly number: string; readonly url: string } | null,
  outcome: DeskSession['outcome'],
): Promise<void> => {
  await sql`
    update desk_sessions set ticket_id = ${ticket?.id ?? null}, ticket_number = ${ticket?.number ?? null},
      ticket_url = ${ticket?.url ?? null}, outcome = ${outcome}
    where connection_id = ${connectionId} and lsid = ${lsid}`.execute(tx);
};

/** Gives it back. What was told meanwhile is due, whatever this look made of the session. */
export const releaseSession = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  holder: Holder,
  next: {
    readonly dueAt: Date | null;
    readonly tries: number;
    readonly problem: string;
    readonly deadAt: Date | null;
  },
): Promise<void> => {
  await sql`
    update desk_sessions set holder = null, held_until = null, problem = ${next.problem},
      tries = case when due_at is null then ${next.tries} else tries end,
      dead_at = case when due_at is null then ${next.deadAt}::timestamptz end,
      due_at = coalesce(due_at, ${next.dueAt}::timestamptz)
    where connection_id = ${connectionId} and lsid = ${lsid} and holder = ${holder.id}`.execute(tx);
};

interface Asked extends PageQuery {
  readonly connectionId?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly dead: boolean;
}

/** Newest first, without their reports. */
export const listSessions = async (tx: Sql, { dead, ...asked }: Asked): Promise<PageOf<DeskSession>> => {
  const [connectionId, ticketId] = [asked.connectionId ?? null, asked.ticketId ?? null];
  const page = await readPage(
    tx,
    {
      ...{ columns: columns(false), from: sql`desk_sessions`, newestFirst: true },
      scope: ['support-sessions', connectionId, ticketId, dead],
      where: sql`(${connectionId}::uuid is null or connection_id = ${connectionId}::uuid)
        and (${ticketId}::text is null or ticket_id = ${ticketId}::text) and (not ${dead}::boolean or dead_at is not null)`,
      order: [
        { column: sql`first_heard_at`, type: 'timestamptz' },
        { column: sql`connection_id`, type: 'uuid' },
        { column: sql`lsid`, type: 'text' },
      ],
    },
    asked,
  );
  return { ...page, items: z.array(Row).parse(page.items) };
};

export interface KeptNote {
  readonly part: string;
  readonly ticketId: string;
  readonly revision: number;
  readonly digest: Buffer;
  readonly noteId: string;
  readonly writtenAt: Date;
}

export const listNotes = async (tx: Sql, connectionId: string, lsid: string): Promise<readonly KeptNote[]> => {
  const { rows } = await sql<KeptNote>`
    select part, ticket_id as "ticketId", revision, digest, note_id as "noteId", written_at as "writtenAt"
    from session_notes where connection_id = ${connectionId} and lsid = ${lsid} order by part`.execute(tx);
  return rows;
};

export const saveNote = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  { part, ticketId, revision, digest, noteId, writtenAt }: KeptNote,
): Promise<void> => {
  await sql`
    insert into session_notes (connection_id, lsid, ticket_id, part, revision, digest, note_id, written_at)
    values (${connectionId}, ${lsid}, ${ticketId}, ${part}, ${revision}, ${digest}, ${noteId}, ${writtenAt})
    on conflict (connection_id, lsid, ticket_id, part) do update set revision = excluded.revision, digest = excluded.digest,
      note_id = excluded.note_id, written_at = excluded.written_at`.execute(tx);
};

/** A ticket was put into another one: what stands of the session went with it, under the same numbers. */
export const moveNotes = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> => {
  await sql`
    insert into session_notes as n (connection_id, lsid, ticket_id, part, revision, digest, note_id, written_at)
    select connection_id, lsid, ${to}, part, revision, digest, note_id, written_at from session_notes
    where connection_id = ${connectionId} and lsid = ${lsid} and ticket_id = ${from}
    on conflict (connection_id, lsid, ticket_id, part) do update set revision = excluded.revision,
      digest = excluded.digest, note_id = excluded.note_id where n.revision < excluded.revision`.execute(tx);
  await sql`delete from session_notes
    where connection_id = ${connectionId} and lsid = ${lsid} and ticket_id = ${from}`.execute(tx);
};

/** Whether a ticket has a session that began later. */
export const hasLater = async (
  tx: Sql,
  {
    connectionId,
    ticketId,
    lsid,
    beganAt,
  }: { connectionId: string; ticketId: string; lsid: string; beganAt: string | null },
): Promise<boolean> => {
  const { rows } = await sql`
    select from desk_sessions where connection_id = ${connectionId} and ticket_id = ${ticketId} and lsid <> ${lsid}
      and began_at > ${beganAt}::timestamptz limit 1`.execute(tx);
  return rows.length > 0;
};

/** Whether the ticket of a session may be moved now: it was not yet, and no other session of it goes on. */
export const mayMove = async (
  tx: Sql,
  { connectionId, lsid }: Pick<DeskSession, 'connectionId' | 'lsid'>,
  ticketId: string,
): Promise<boolean> => {
  const { rows } = await sql<{ may: boolean }>`
    select moved_at is null and not exists (select from desk_sessions o where o.connection_id = s.connection_id
      and o.ticket_id = ${ticketId} and o.state = 'open') as may
    from desk_sessions s where connection_id = ${connectionId} and lsid = ${lsid}`.execute(tx);
  return rows[0]?.may === true;
};

/** For every session of the ticket that has ended: none of them moves it any more. */
export const saveMoved = async (
  tx: Sql,
  { connectionId }: Pick<DeskSession, 'connectionId'>,
  ticketId: string,
  at: Date,
): Promise<void> => {
  await sql`update desk_sessions set moved_at = ${at}
    where connection_id = ${connectionId} and ticket_id = ${ticketId} and state = 'ended' and moved_at is null`.execute(
    tx,
  );
};

export interface KnownSession {
  readonly externalKey: string;
  readonly isEnded: boolean;
  /** It failed, and is tried again by itself or was given up. */
  readonly isFailing: boolean;
  readonly reportedAt: Date | null;
}

/** What is kept of those of these sessions that are known. */
export const findKnown = async (
  tx: Sql,
  connectionId: string,
  lsids: readonly string[],
): Promise<ReadonlyMap<string, KnownSession>> => {
  const { rows } = await sql<KnownSession & { readonly lsid: string }>`
    select lsid, external_key as "externalKey", state = 'ended' as "isEnded",
      tries > 0 or dead_at is not null as "isFailing", reported_at as "reportedAt"
    from desk_sessions where connection_id = ${connectionId} and lsid = any(${[...lsids]}::text[])`.execute(tx);
  return new Map(rows.map(({ lsid, ...known }) => [lsid, known]));
};
