import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { BadParameters, closeTag, element, id, openTag, writeElement } from '../xml-api/index.ts';
import { nothing as noAccess } from './access/reports.ts';
import { type Span, spanFields, spanOf } from './choice.ts';
import { dataElement, timestamp } from './elements.ts';
import { inPages, isIn, type Place, placeOf } from './pages.ts';
import { defineReport } from './report.ts';
import type { Report as Rows } from './stream.ts';
import { nothing as noSupport } from './support/reports.ts';

const teamReport = (name: string, nothing: string) =>
  defineReport({
    ...{ name, needs: 'reportingSupport' },
    parameters: z.object({
      ...spanFields,
      team_id: z.union([z.literal('all').transform(() => null), id], 'Enter the id of a team, or all.').default(null),
    }),
    run: async ({ parameters, database }): Promise<Rows> => {
      const span = spanOf(parameters);
      if (span === null) throw new BadParameters('Name start_date or start_time with a duration.');
      return { root: 'team_activity_list', rows: teamActivity(database, parameters.team_id, span), nothing };
    },
  });

export const supportTeam = teamReport('SupportTeam', noSupport);
export const team = teamReport('Team', noAccess);

interface Happened {
  readonly at: Date;
  readonly type: string;
  readonly by: string;
  readonly byKind: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Teams with what happened to them; those of which there is nothing to tell are left out. */
async function* teamActivity(database: Database, teamId: number | null, span: Span): AsyncGenerator<string> {
  const { rows: teams } = await database.read((tx) =>
    sql<{ id: number; name: string }>`
      select id, name from teams where (${teamId}::int is null or id = ${teamId}::int) order by id`.execute(tx),
  );
  for (const one of teams) {
    let isOpen = false;
    for await (const page of happenedIn(database, one.id, span)) {
      if (!isOpen) yield `${openTag('team_activity', { id: String(one.id), name: one.name })}${openTag('events')}\n`;
      isOpen = true;
      yield page.map((event) => `${writeElement(eventElement(event))}\n`).join('');
    }
    if (isOpen) yield `${closeTag('events')}${closeTag('team_activity')}\n`;
  }
}

const eventElement = ({ at, type, by, byKind, values }: Happened) =>
  element(
    'event',
    [
      element('performed_by', by, { type: byKind === 'person' ? 'representative' : 'system' }),
      ...dataElement(Object.entries(values).filter(([, value]) => value !== '')),
    ],
    { ...timestamp(at), event_type: type },
  );

const pageSize = 200;

/** Sessions that came to the queue of a team, and changes of who is in it. */
const happenedIn = (database: Database, teamId: number, span: Span): AsyncGenerator<readonly Happened[]> =>
  inPages(pageSize, (after, limit) =>
    database.read(async (tx) => {
      const isHere = isIn({ at: sql`h.at`, seq: sql`h.seq`, type: 'text' }, span, after);
      const { rows } = await sql<Happened & { place: Place }>`
        select h.at, h.type, h.by, h."byKind", h.values, ${placeOf(sql`h.at`, sql`h.seq`)} as place from (
          select e.at, e.lsid || lpad(e.seq::text, 10, '0') as seq, 'Session Queued' as type, coalesce(p.name, '') as by,
            coalesce(case p.kind when 'representative' then 'person' end, 'system') as "byKind",
            jsonb_build_object('lsid', e.lsid) as values
          from support_events e left join support_participants p on p.lsid = e.lsid and p.gsnumber = e.performed_by
          where e.type in ('begun', 'transferred') and e.body ->> 'queue' = ${`team:${teamId}`}
          union all
          select a.at, a.audit_id::text, case a.action when 'team-user.create' then 'Member Added'
              when 'team-user.delete' then 'Member Removed' else 'Member Changed' end, a.actor_name, a.actor_kind,
            jsonb_build_object('user_id', coalesce(a.change ->> 'user_id', a.target))
          from system_audit a where a.action like 'team%' and a.action like 'team-user.%'
            and a.change ->> 'team_id' = ${String(teamId)}) h
        where ${isHere} order by h.at, h.seq limit ${limit}`.execute(tx);
      return rows;
    }),
  );
