import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';
import { element, writeElement } from '../../xml-api/index.ts';
import type { Choice } from '../choice.ts';
import { isChosen, namedIn } from '../pages.ts';

/** What each representative did in the sessions that were chosen; the database adds it up, so it is read at once. */
export async function* summaryOfRepresentatives(
  database: Database,
  choice: Choice,
  userId: number | null,
  now: Date,
): AsyncGenerator<string> {
  const { rows } = await database.read((tx) =>
    sql<{ id: number; username: string; name: string; sessions: number; seconds: number }>`
      select p.user_id as id, (array_agg(p.username order by p.joined_at desc))[1] as username,
        (array_agg(p.name order by p.joined_at desc))[1] as name, count(distinct p.lsid)::int as sessions,
        coalesce(sum(extract(epoch from coalesce(p.left_at, s.ended_at, ${now}) - p.joined_at)), 0)::bigint as seconds
      from support_sessions s join support_participants p on p.lsid = s.lsid and p.kind = 'representative'
      where ${isChosen(choice, { lsid: sql`s.lsid = any(${namedIn(choice)}::text[])`, start: sql`s.began_at`, end: sql`s.ended_at` })} and (${userId}::int is null or p.user_id = ${userId}::int)
      group by p.user_id order by p.user_id`.execute(tx),
  );
  for (const row of rows) yield `${writeSummary(row)}\n`;
}

/** How many sessions somebody had, and how long. */
export const writeSummary = (row: {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly sessions: number;
  readonly seconds: number;
}): string =>
  writeElement(
    element(
      'summary',
      [
        ...[element('username', row.username), element('display_name', row.name)],
        ...[element('session_count', row.sessions), element('seconds_involved', Math.max(0, Number(row.seconds)))],
        element('average_seconds', Math.max(0, Math.round(Number(row.seconds) / Math.max(1, row.sessions)))),
      ],
      { id: row.id },
    ),
  );
