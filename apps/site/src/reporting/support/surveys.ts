import type { Database } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { SupportEvent } from '../../support/index.ts';
import type { Choice } from '../choice.ts';
import { inPages, namedIn, orderOf, type Place } from '../pages.ts';
import type { SurveyKind } from './survey-elements.ts';

export interface Survey {
  readonly lsid: string;
  readonly event: SupportEvent;
  /** Who completed it, as the session knew them; empty where nobody is known. */
  readonly by: string;
}

const pageSize = 200;

/** Surveys of the sessions that were chosen; of one representative: of sessions that they were in. */
export const listSurveys = (
  database: Database,
  choice: Choice,
  kind: SurveyKind,
  userId: number | null,
): AsyncGenerator<readonly Survey[]> =>
  inPages(pageSize, (after, limit) => {
    // A session may have many.
    const seq = sql`(s.lseq * 1000000 + e.seq)`;
    const { where, order, place } = orderOf(
      choice,
      { lsid: sql`e.lsid = any(${namedIn(choice)}::text[])`, start: sql`s.began_at`, end: sql`s.ended_at` },
      seq,
      after,
    );
    return database.read(async (tx) => {
      const { rows } = await sql<SupportEvent & { lsid: string; by: string | null; place: Place }>`
        select e.lsid, e.seq, e.at, e.type, e.performed_by as "performedBy", e.body, p.name as by, ${place} as place
        from support_events e join support_sessions s on s.lsid = e.lsid
        left join support_participants p on p.lsid = e.lsid and p.gsnumber = e.performed_by
        where e.type = 'survey_completed' and (e.body ->> 'kind' = 'customer') = ${kind === 'customer'} and ${where}
          and ${ofUser(userId)} order by ${order} limit ${limit}`.execute(tx);
      return rows.map(({ lsid, by, place: at, ...event }) => ({ lsid, event, by: by ?? '', place: at }));
    });
  });

const ofUser = (userId: number | null): RawBuilder<boolean> =>
  userId === null
    ? sql<boolean>`true`
    : sql<boolean>`exists (select from support_participants r where r.lsid = e.lsid and r.user_id = ${userId})`;
