import { Readable } from 'node:stream';
import { type App, audit, type Reply, type Request } from '@gatehouse/server';
import { AllSessionsQuery, SessionsQuery } from '../api/console.ts';
import { requireUser } from '../users/index.ts';
import { exportSessions } from './export.ts';
import type { Sessions } from './open-sessions.ts';
import type { SessionsWanted } from './store.ts';

const tags = ['sessions'];
const paging = { cursor: true, limit: true } as const;

/** Lists of sessions as files: everything that they match, not one page. */
export const serveExports = (app: App, { parts: { database } }: Sessions): void => {
  const send = async (request: Request, reply: Reply, wanted: Omit<SessionsWanted, 'cursor' | 'limit'>) => {
    const gone = new AbortController();
    const access = app.watchAccess(request, 30_000);
    reply.raw.once('close', () => {
      gone.abort();
      access.end();
    });
    const signal = AbortSignal.any([gone.signal, access.signal, app.closing]);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="sessions.csv"')
      .header('cache-control', 'no-store')
      .send(Readable.from(exportSessions(database, wanted, signal)));
  };

  app.get(
    '/api/sessions/export.csv',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'Everybody’s sessions as CSV', tags, querystring: AllSessionsQuery.omit(paging) },
    },
    async (request, reply) => {
      const { search = null, live = null, held = null } = request.query;
      const change = { query: { search, live, held } };
      await database.system((tx) => audit(tx, request.act, { action: 'session.export', target: 'Sessions', change }));
      return send(request, reply, request.query);
    },
  );

  app.get(
    '/api/console/sessions/export.csv',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'The sessions that you had or joined as CSV', tags, querystring: SessionsQuery.omit(paging) },
    },
    async (request, reply) => {
      const { id: userId } = await database.system((tx) => requireUser(tx, request));
      return send(request, reply, { ...request.query, userId });
    },
  );
};
