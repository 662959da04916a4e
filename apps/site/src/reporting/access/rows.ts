import type { Database, Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { Participant } from '../../api/console.ts';
import type { Choice } from '../choice.ts';
import { inPages, namedIn, orderOf, type Place, parseRows } from '../pages.ts';

const Row = z.object({
  /** A UUID; programs know it by its digits. */
  id: z.string(),
  lseq: z.coerce.number(),
  ...{
    openedAt: z.date(),
    endedAt: z.date().nullable(),
    ending: z.string().nullable(),
    endedBy: z.string().nullable(),
  },
  ...{ userId: z.int(), username: z.string(), personName: z.string(), participants: z.array(Participant) },
  ...{ itemName: z.string(), hostname: z.string(), jumpGroup: z.string().nullable(), jumpGroupId: z.int().nullable() },
  /** Of the item as it is now; null: there is none any more. */
  ...{ jumpoint: z.string().nullable(), jumpointId: z.int().nullable() },
  ...{ account: z.string(), reason: z.string(), ticket: z.string() },
  recording: z.enum(['asciicast', 'desktop']).nullable(),
  place: z.object({ at: z.string(), seq: z.string() }),
});
export type AccessSession = z.output<typeof Row>;

export const lsidOf = ({ id }: { readonly id: string }): string => id.replaceAll('-', '');

const page = async (tx: Sql, choice: Choice, after: Place, limit: number): Promise<readonly AccessSession[]> => {
  const columns = {
    lsid: sql`s.session_id = any(${namedIn(choice)}::uuid[])`,
    start: sql`s.opened_at`,
    end: sql`s.ended_at`,
  };
  const { where, order, place } = orderOf(choice, columns, sql`s.lseq`, after);
  const { rows } = await sql`
    select s.session_id as id, s.lseq, s.opened_at as "openedAt", s.ended_at as "endedAt", s.ending, s.ended_by as "endedBy",
      s.user_id as "userId", s.username, s.person_name as "personName", s.participants, s.item_name as "itemName", s.hostname,
      s.jump_group as "jumpGroup", g.id as "jumpGroupId", s.account, s.reason, s.ticket, r.format as recording,
      j.id as "jumpointId", j.name as jumpoint, ${place} as place
    from sessions s left join jump_groups g on lower(g.name) = lower(s.jump_group)
    left join jumpoints j on j.id = case s.item_type
      when 'shell-jump' then (select jumpoint_id from shell_jumps i where i.id = s.item_id)
      when 'remote-vnc' then (select jumpoint_id from remote_vnc i where i.id = s.item_id)
      when 'remote-rdp' then (select jumpoint_id from remote_rdp i where i.id = s.item_id) end
    left join recordings r on r.session_id = s.session_id
    where s.opened_at is not null and ${where} order by ${order} limit ${limit}`.execute(tx);
  return parseRows(Row, rows);
};

const pageSize = 200;

/** Sessions with endpoints that were opened, in the order they are reported. */
export const accessSessions = (database: Database, choice: Choice): AsyncGenerator<readonly AccessSession[]> =>
  inPages(pageSize, (after, limit) => database.read((tx) => page(tx, choice, after, limit)));

/** What was done with a file at the endpoint; kept in the audit. */
export interface FileAct {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly path: string;
  readonly to: string;
  readonly bytes: number;
}

export interface FileCounts {
  readonly transfers: number;
  readonly moves: number;
  readonly deletes: number;
}

const none: FileCounts = { transfers: 0, moves: 0, deletes: 0 };
const actsPage = 500;

/** Of a page of sessions. */
export const fileCountsOf = async (database: Database, ids: readonly string[]) => {
  const { rows } = await database.read((tx) =>
    sql<FileCounts & { session: string }>`
      select change ->> 'session' as session,
        count(*) filter (where action in ('file.upload', 'file.download'))::int as transfers,
        count(*) filter (where action = 'file.rename')::int as moves,
        count(*) filter (where action = 'file.delete')::int as deletes
      from system_audit where action like 'file.%' and change ->> 'session' = any(${ids}::text[])
      group by change ->> 'session'`.execute(tx),
  );
  const found = new Map(rows.map((row) => [row.session, row]));
  return (id: string): FileCounts => found.get(id) ?? none;
};

/** In order, page by page. */
export async function* fileActsOf(database: Database, id: string): AsyncGenerator<FileAct> {
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const { rows }: { readonly rows: readonly FileAct[] } = await database.read((tx) =>
      sql<FileAct>`
        select audit_id as id, at, action, coalesce(change ->> 'path', change ->> 'from', '') as path,
          coalesce(change ->> 'to', '') as to, coalesce((change ->> 'bytes')::bigint, 0) as bytes
        from system_audit where action like 'file.%' and change ->> 'session' = ${id}
          and (${from}::uuid is null or audit_id > ${from}::uuid) order by audit_id limit ${actsPage}`.execute(tx),
    );
    yield* rows;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < actsPage) return;
  }
}
