import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { DetailList, DetailsQuery, WholeDetail } from '../api/details.ts';
import type { DeskParts } from '../parts.ts';
import { only, permit } from '../people/index.ts';
import { withoutLinks } from './model.ts';
import { type DeskSession, findSession, listNotes, listSessions, tellSession } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['support sessions'];
const One = z.object({ connectionId: z.uuid(), lsid: z.string().min(1).max(100) });
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Sessions of tickets, for the people of the desk. */
export const serveDetails = (app: App, parts: DeskParts, wake: () => void): void => {
  const { database, clock } = parts;
  app.get(
    '/api/support-sessions',
    {
      config,
      schema: {
        ...{ summary: 'Support sessions, newest first', tags, querystring: DetailsQuery },
        response: { 200: DetailList },
      },
    },
    async (request) => {
      await permit(database, request, 'technician');
      const { dead, ...asked } = request.query;
      const page = await database.system((tx) => listSessions(tx, { ...asked, dead: dead === 'true' }));
      return { ...page, items: page.items.map(toDetail) };
    },
  );
  app.get(
    '/api/support-sessions/:connectionId/:lsid',
    {
      config,
      schema: { summary: 'A support session with its report', tags, params: One, response: { 200: WholeDetail } },
    },
    async (request) => {
      await permit(database, request, 'technician');
      const { connectionId, lsid } = request.params;
      return database.system(async (tx) => {
        const found = await findSession(tx, connectionId, lsid);
        if (found === null) throw problems.notFound();
        const notes = await listNotes(tx, connectionId, lsid);
        return {
          ...toDetail(found),
          report: found.report === null ? null : withoutLinks(found.report),
          notes: notes.map(({ part, ticketId, revision, writtenAt }) => ({
            ...{ part, ticketId, revision, writtenAt: writtenAt.toISOString() },
          })),
          hasChat: (found.report?.downloads.chat ?? null) !== null,
          recordings: found.report?.downloads.recordings.length ?? 0,
        };
      });
    },
  );
  app.post(
    '/api/support-sessions/:connectionId/:lsid/replay',
    {
      ...{ config, onRequest: only(database, 'manager') },
      schema: { summary: 'Look at a session again', tags, params: One, response: { 204: z.void() } },
    },
    async ({ act, params: { connectionId, lsid } }, reply) => {
      await database.system(async (tx) => {
        if ((await findSession(tx, connectionId, lsid)) === null) throw problems.notFound();
        await tellSession(tx, connectionId, lsid, clock.now());
        await audit(tx, act, { action: 'support-session.replay', target: lsid });
      });
      wake();
      return reply.code(204).send();
    },
  );
};

const toDetail = ({ report: _, ...session }: DeskSession) => ({
  ...session,
  ...{ beganAt: iso(session.beganAt), endedAt: iso(session.endedAt), reportedAt: iso(session.reportedAt) },
  ...{ dueAt: iso(session.dueAt), deadAt: iso(session.deadAt), firstHeardAt: session.firstHeardAt.toISOString() },
});
