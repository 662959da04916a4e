import type { Database } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { SupportEvent } from '../../support/index.ts';
import type { Choice } from '../choice.ts';
import { inPages, namedIn, orderOf, type Place } from '../pages.ts';
import type { Primary, Survey, SurveyKind } from './survey-elements.ts';

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
      type Row = SupportEvent & { lsid: string; by: string | null; customer: Primary; owner: Primary; place: Place };
      const { rows } = await sql<Row>`
        select e.lsid, e.seq, e.at, e.type, e.performed_by as "performedBy", e.body, p.name as by, ${place} as place,
          ${primary(sql`kind = 'customer'`)} as customer,
          coalesce(${primary(sql`kind = 'representative' and gsnumber = coalesce(s.owner, (
            select (o.body ->> 'owner')::int from support_events o where o.lsid = e.lsid and o.type = 'owner_changed'
            order by o.seq desc limit 1))`)}, ${primary(sql`kind = 'representative'`)}) as owner
        from support_events e join support_sessions s on s.lsid = e.lsid
        left join support_participants p on p.lsid = e.lsid and p.gsnumber = e.performed_by
        where e.type = 'survey_completed' and (e.body ->> 'kind' = 'customer') = ${kind === 'customer'} and ${where}
          and ${ofUser(userId)} order by ${order} limit ${limit}`.execute(tx);
      return rows.map(({ lsid, by, customer, owner, place: at, ...event }) => ({
        ...{ lsid, event, by: by ?? '', customer, owner, place: at },
      }));
    });
  });

/** The first of the participants that are meant; null: there is none. */
const primary = (isMeant: RawBuilder<unknown>) => sql<Primary | null>`(
  select jsonb_build_object('gsnumber', gsnumber, 'userId', user_id, 'name', name) from support_participants
  where lsid = e.lsid and ${isMeant} order by gsnumber limit 1)`;

const ofUser = (userId: number | null): RawBuilder<boolean> =>
  userId === null
    ? sql<boolean>`true`
    : sql<boolean>`exists (select from support_participants r where r.lsid = e.lsid and r.user_id = ${userId})`;
