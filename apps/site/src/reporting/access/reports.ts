import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { element, id, writeElement } from '../../xml-api/index.ts';
import { type Choice, choiceFields, choiceOf, everything } from '../choice.ts';
import { isChosen, namedIn } from '../pages.ts';
import { defineReport } from '../report.ts';
import type { Report as Rows } from '../stream.ts';
import { writeSummary } from '../support/summary.ts';
import { accessSessions, fileActsOf, fileCountsOf, lsidOf } from './rows.ts';
import { writeAccessSession } from './session-elements.ts';

export const nothing = 'No Access report information matching your chosen criteria is available.';

export const accessSession = defineReport({
  ...{ name: 'AccessSession', needs: 'reportingSupport', parameters: z.object(choiceFields) },
  run: async ({ parameters, database, clock, links, baseUrl }): Promise<Rows> => {
    const choice = choiceOf(parameters);
    const rows = async function* () {
      for await (const sessions of accessSessions(database, choice)) {
        const counts = await fileCountsOf(
          database,
          sessions.map((session) => session.id),
        );
        for (const session of sessions) {
          const now = clock.now();
          const count = counts(session.id);
          const hasFiles = count.transfers + count.moves + count.deletes > 0;
          yield* writeAccessSession(session, {
            ...{ now, counts: count },
            link: (kind) => `${baseUrl()}${links.make({ lsid: lsidOf(session), kind, id: '' }, now)}`,
            files: () => (hasFiles ? fileActsOf(database, session.id) : nothingAtAll()),
          });
        }
      }
    };
    return { root: 'session_list', rows: rows(), nothing };
  },
});

async function* nothingAtAll(): AsyncGenerator<never> {}

export const accessSessionListing = defineReport({
  ...{ name: 'AccessSessionListing', needs: 'reportingSupport', parameters: z.object(choiceFields) },
  run: async ({ parameters, database }): Promise<Rows> => {
    const choice = choiceOf(parameters, everything);
    const rows = async function* () {
      for await (const sessions of accessSessions(database, choice))
        for (const session of sessions) {
          const about = { lsid: lsidOf(session), has_recording: Number(session.recording !== null) };
          yield `${writeElement(element('session_summary', '', { ...about, external_key: session.ticket }))}\n`;
        }
    };
    return { root: 'session_summary_list', rows: rows(), nothing };
  },
});

const userId = z.union([z.literal('all').transform(() => null), id], 'Enter the id of a user, or all.');

export const accessSessionSummary = defineReport({
  ...{ name: 'AccessSessionSummary', needs: 'reportingSupport' },
  parameters: z.object({
    ...choiceFields,
    report_type: z.literal('user', 'Enter user, which is the only type of this report here.').default('user'),
    id: userId.default(null),
  }),
  run: async ({ parameters, database, clock }): Promise<Rows> => ({
    ...{ root: 'summary_list', nothing },
    rows: summary(database, choiceOf(parameters, everything), parameters.id, clock.now()),
  }),
});

/** Of those who opened sessions; who joined others is not counted. */
async function* summary(database: Database, choice: Choice, user: number | null, now: Date): AsyncGenerator<string> {
  const columns = {
    lsid: sql`s.session_id = any(${namedIn(choice)}::uuid[])`,
    start: sql`s.opened_at`,
    end: sql`s.ended_at`,
  };
  const { rows } = await database.read((tx) =>
    sql<{ id: number; username: string; name: string; sessions: number; seconds: number }>`
      select s.user_id as id, (array_agg(s.username order by s.opened_at desc))[1] as username,
        (array_agg(s.person_name order by s.opened_at desc))[1] as name, count(*)::int as sessions,
        coalesce(sum(extract(epoch from coalesce(s.ended_at, ${now}) - s.opened_at)), 0)::bigint as seconds
      from sessions s where s.opened_at is not null and ${isChosen(choice, columns)}
        and (${user}::int is null or s.user_id = ${user}::int) group by s.user_id order by s.user_id`.execute(tx),
  );
  for (const row of rows) yield `${writeSummary(row)}\n`;
}
