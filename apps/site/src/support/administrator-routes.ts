import { Readable } from 'node:stream';
import { type App, audit, problems, type Reply, type Request } from '@gatehouse/server';
import { z } from 'zod';
import { Lsid, SupportSessionQuery } from '../api/support.ts';
import {
  AnySupportSession,
  SupportSessions,
  SupportSessionsFilter,
  SupportSessionsQuery,
} from '../api/support-reports.ts';
import { inWords } from '../objects/index.ts';
import { readBlob } from './blobs/read-blob.ts';
import { findBlob } from './blobs/store.ts';
import { exportCsv, exportJson } from './export.ts';
import type { Support } from './open-support.ts';
import { countReported, pageOfReported, type Sought, toAny } from './reported.ts';
import { endSession } from './sessions.ts';
import { findSession } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['remote support'];

/** Support sessions of everybody, as administrators see them. */
export const serveSupportOfAdministrators = (app: App, support: Support): void => {
  const { database, clock } = support;
  app.get(
    '/api/support-sessions',
    {
      config,
      schema: {
        ...{ summary: 'Support sessions, the newest first', tags, querystring: SupportSessionsQuery },
        response: { 200: SupportSessions },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) =>
      database.system(async (tx) => {
        const sought = toSought(filter);
        const before = cursor === undefined ? null : Number(cursor);
        return { ...(await pageOfReported(tx, sought, { before, limit })), total: await countReported(tx, sought) };
      }),
  );
  app.get(
    '/api/support-sessions/:lsid',
    {
      config,
      schema: {
        ...{ summary: 'One support session with what happened in it', tags, params: z.object({ lsid: Lsid }) },
        ...{ querystring: SupportSessionQuery, response: { 200: AnySupportSession } },
      },
    },
    async ({ params: { lsid }, query: { after } }) =>
      database.system(async (tx) => {
        const session = await findSession(tx, lsid);
        if (session === null) throw problems.notFound();
        return await toAny(tx, session, after);
      }),
  );
  app.post(
    '/api/support-sessions/:lsid/end',
    {
      config,
      schema: {
        ...{ summary: 'End a support session that goes on', tags, params: z.object({ lsid: Lsid }) },
        response: { 204: z.void() },
      },
    },
    async ({ act: by, params: { lsid } }, reply) => {
      const ended = await inWords(() =>
        database.system((tx) => endSession({ tx, by, now: clock.now() }, lsid, 'ended_by_administrator')),
      );
      if (ended === null) throw problems.notFound();
      return reply.code(204).send();
    },
  );
  serveExports(app, support);
  serveFiles(app, support);
};

const toSought = (query: z.output<typeof SupportSessionsFilter>): Sought => ({
  ...{ search: query.search, live: query.live === 'true', held: query.held ?? null },
  from: query.from === undefined ? null : new Date(query.from),
  until: query.until === undefined ? null : new Date(query.until),
});

/** The list as a file: everything that it matches, not one page. */
const serveExports = (app: App, { database }: Support): void => {
  for (const [format, type, write] of [
    ['csv', 'text/csv; charset=utf-8', exportCsv],
    ['json', 'application/json; charset=utf-8', exportJson],
  ] as const)
    app.get(
      `/api/support-sessions/export.${format}`,
      {
        config,
        schema: {
          summary: `Support sessions as ${format.toUpperCase()}`,
          tags,
          querystring: SupportSessionsFilter,
        },
      },
      async (request, reply) => {
        const { query } = request;
        const sought = toSought(query);
        const named = Object.entries(query).filter(([, value]) => value !== undefined);
        const change = { format, query: Object.fromEntries(named) };
        await database.system((tx) =>
          audit(tx, request.act, { action: 'support-session.export', target: 'Support sessions', change }),
        );
        return reply
          .type(type)
          .header('content-disposition', `attachment; filename="support-sessions.${format}"`)
          .header('cache-control', 'no-store')
          .send(Readable.from(write(database, sought, signalOf(app, request, reply))));
      },
    );
};

/** Ends what goes out where whoever asked for it is gone, or may not have it any more. */
const signalOf = (app: App, request: Request, reply: Reply): AbortSignal => {
  const gone = new AbortController();
  const access = app.watchAccess(request, 30_000);
  reply.raw.once('close', () => {
    gone.abort();
    access.end();
  });
  return AbortSignal.any([gone.signal, access.signal, app.closing]);
};

/** What was sent, and what was seen of screens. Who looked at it is in the audit. */
const serveFiles = (app: App, support: Support): void => {
  const params = z.object({ lsid: Lsid, file: z.uuid() });
  for (const [path, kind, summary] of [
    ['files', 'file', 'A file of a support session'],
    ['recordings', 'screen', 'The recording of a screen that was shared'],
  ] as const)
    app.get(
      `/api/support-sessions/:lsid/${path}/:file`,
      { config, schema: { summary, tags, params } },
      async (request, reply) => {
        const { lsid, file } = request.params;
        const blob = await support.database.system(async (tx) => {
          const session = await findSession(tx, lsid);
          const found = session === null ? null : await findBlob(tx, file);
          if (session === null || found?.lsid !== session.lsid || found.kind !== kind || found.state === 'arriving')
            throw problems.notFound();
          const change = { lsid: session.lsid, file: found.id, bytes: found.bytes, request: request.act.correlationId };
          const author = { ...request.act, correlationId: session.correlationId };
          await audit(tx, author, { action: `support-${kind}.open`, target: found.name, change });
          return found;
        });
        return reply
          .type('application/octet-stream')
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(blob.name)}`)
          .header('cache-control', 'no-store')
          .header('content-length', String(blob.bytes))
          .send(Readable.from(readBlob(support, blob, signalOf(app, request, reply)), { objectMode: false }));
      },
    );
};
