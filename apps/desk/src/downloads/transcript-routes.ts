import type { Sql } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { OneTranscript, TranscriptList, TranscriptQuery } from '../api/downloads.ts';
import { SessionReport } from '../api/report.ts';
import { seeCase } from '../cases/index.ts';
import type { DeskParts } from '../parts.ts';
import { permit } from '../people/index.ts';
import { toTranscript } from '../report/index.ts';
import { sendTranscript } from './send-file.ts';

const config = { access: 'signed-in' } as const;
const tags = ['cases'];

/** What was said in the sessions of a case, for the customer of it, where an administrator lets customers have that. */
export const serveTranscripts = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/cases/:key/transcripts',
    {
      config,
      schema: {
        ...{ summary: 'Support sessions of a case whose chat customers may have', tags },
        ...{ params: OneTranscript.pick({ key: true }), response: { 200: TranscriptList } },
      },
    },
    async (request) => {
      const caller = await permit(database, request, 'customer');
      const found = await database.system(async (tx) => chats(tx, (await seeCase(tx, caller, request.params.key)).id));
      return { items: found.map(({ lsid, beganAt }) => ({ lsid, beganAt })) };
    },
  );
  app.get(
    '/api/cases/:key/transcripts/:lsid',
    {
      config,
      schema: { summary: 'What was said, for customers', tags, params: OneTranscript, querystring: TranscriptQuery },
    },
    async (request, reply) => {
      const { params, query, act } = request;
      const caller = await permit(database, request, 'customer');
      const transcript = await database.system(async (tx) => {
        const { id, number } = await seeCase(tx, caller, params.key);
        const found = (await chats(tx, id)).find(({ lsid }) => lsid === params.lsid);
        if (found === undefined) throw problems.notFound();
        const change = { ...query, ticket: number };
        await audit(tx, act, { action: 'support-session.open-transcript', target: `Session ${params.lsid}`, change });
        return found.transcript;
      });
      return sendTranscript(reply, `${params.lsid}-chat`, transcript, query.form);
    },
  );
};

const Row = z.object({ lsid: z.string(), report: SessionReport });

/** Of sessions that are over and in which something was said that customers heard. */
const chats = async (tx: Sql, caseId: string) => {
  const { rows } = await sql`
    select s.lsid, s.report from desk_sessions s join desk_connections c using (connection_id)
    where c.desk = 'builtin' and c.transcripts and s.ticket_id = ${caseId} and s.state = 'ended' and s.report is not null
    order by s.began_at desc limit 50`.execute(tx);
  return rows.flatMap((row) => {
    const { lsid, report } = Row.parse(row);
    const transcript = toTranscript(report, { isForCustomer: true });
    return transcript.lines.length === 0 ? [] : [{ lsid, beganAt: report.beganAt, transcript }];
  });
};
