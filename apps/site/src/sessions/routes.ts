import { type App, audit, problems, type Request, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import {
  AllSessionsQuery,
  JoinInput,
  OwnSession,
  OwnSessions,
  Session,
  SessionInput,
  Sessions as SessionList,
  SessionsQuery,
} from '../api/console.ts';
import { findReach } from '../reach/index.ts';
import { requireUser } from '../users/index.ts';
import { joinSession, leaveSession } from './join-session.ts';
import type { LiveSession } from './live-session.ts';
import type { Sessions } from './open-sessions.ts';
import { askEnd, findSession, listSessions } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['sessions'];
export const OneSession = z.object({ id: z.uuid() });

/** What a person does with their own sessions. Those of others are not there. */
export const serveOwnSessions = (
  app: App,
  sessions: Sessions,
  proveCode: (request: Request, code: string) => Promise<void>,
): void => {
  const { database } = sessions.parts;
  app.post(
    '/api/console/sessions',
    {
      config,
      schema: { summary: 'Open a session', tags, body: SessionInput, response: { 201: Session } },
    },
    async (request, reply) => {
      const { principal, id: correlationId, body: input } = request;
      if (principal.kind !== 'person') throw problems.forbidden('This is for people who are signed in.');
      const prove = (code: string) => proveCode(request, code);
      const session = await sessions.start({ principal, correlationId, input, proveCode: prove });
      return reply.code(201).send(session);
    },
  );

  app.get(
    '/api/console/sessions',
    {
      config,
      schema: {
        ...{ summary: 'The sessions that you had or joined', tags, querystring: SessionsQuery },
        response: { 200: OwnSessions },
      },
    },
    async (request) =>
      database.system(async (tx) => {
        const userId = (await requireUser(tx, request)).id;
        const { items, ...page } = await listSessions(tx, { ...request.query, userId });
        return {
          ...page,
          items: items.map((session) => ({ ...session, role: roleIn(session, userId) ?? ('left' as const) })),
        };
      }),
  );

  app.get(
    '/api/console/sessions/:id',
    { config, schema: { summary: 'One of your sessions', tags, params: OneSession, response: { 200: OwnSession } } },
    async (request) => findMine(sessions, request, request.params.id),
  );

  app.post(
    '/api/console/sessions/:id/join',
    {
      config,
      schema: {
        ...{ summary: 'Join a session of somebody else', tags, params: OneSession },
        ...{ body: JoinInput, response: { 200: OwnSession } },
      },
    },
    async (request) => {
      const { principal, body: input, params } = request;
      if (principal.kind !== 'person') throw problems.forbidden('This is for people who are signed in.');
      const live = await findToJoin(sessions, request, params.id);
      const prove = (code: string) => proveCode(request, code);
      await joinSession(sessions.parts, live, { principal, input, proveCode: prove });
      return findMine(sessions, request, params.id);
    },
  );

  app.post(
    '/api/console/sessions/:id/leave',
    { config, schema: { summary: 'Leave a session that you joined', tags, params: OneSession } },
    async (request, reply) => {
      const { id, role, userId } = await findMine(sessions, request, request.params.id);
      if (role === 'person') throw problems.conflict('This session is yours: end it.');
      const live = sessions.find(id);
      if (live !== null) await leaveSession(sessions.parts, live, userId, 'You left.');
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/console/sessions/:id/end',
    { config, schema: { summary: 'End one of your sessions', tags, params: OneSession } },
    async (request, reply) => {
      const { id } = request.params;
      const session = await findOwn(sessions, request, id);
      const live = sessions.find(id);
      if (live !== null) {
        live.end({ ending: 'left', by: null, problem: null });
        await live.finished;
      } else if (session.state !== 'ended') await database.system((tx) => askEnd(tx, id, session.person.name));
      return reply.code(204).send();
    },
  );

  serveWebSocket(app, {
    ...{ path: '/api/console/sessions/:id/socket', access: 'signed-in', subprotocols: [] },
    async admit(request) {
      const { live, role, userId } = await findMyLive(sessions, request);
      if (role === 'person') return (socket) => live.join(socket);
      if (!live.guests.has(userId)) throw problems.conflict('You are in this session no longer.');
      return (socket) => {
        const listener = live.guests.join(userId, socket);
        if (listener === null) socket.close(1000, 'You are in this session no longer.');
        return listener ?? noListener;
      };
    },
  });

  serveWebSocket(app, {
    ...{ path: '/api/console/sessions/:id/desktop', access: 'signed-in', subprotocols: [] },
    async admit(request) {
      const join = (await findOwnLive(sessions, request)).desktop();
      if (join === null) throw problems.conflict('This session has no desktop, or not yet.');
      return join;
    },
  });
};

/** What administrators see and end. */
export const serveAllSessions = (app: App, sessions: Sessions): void => {
  const { database } = sessions.parts;
  const admins = { access: 'system-administrator' } as const;
  app.get(
    '/api/sessions',
    {
      config: admins,
      schema: { summary: 'Everybody’s sessions', tags, querystring: AllSessionsQuery, response: { 200: SessionList } },
    },
    async ({ query }) => database.system((tx) => listSessions(tx, query)),
  );

  app.get(
    '/api/sessions/:id',
    { config: admins, schema: { summary: 'One session', tags, params: OneSession, response: { 200: Session } } },
    async ({ params: { id } }) => {
      const session = await database.system((tx) => findSession(tx, id));
      if (session === null) throw problems.notFound();
      return session;
    },
  );

  app.post(
    '/api/sessions/:id/end',
    { config: admins, schema: { summary: 'End a session', tags, params: OneSession } },
    async ({ act, principal, params: { id } }, reply) => {
      const session = await database.system(async (tx) => {
        const session = await findSession(tx, id);
        if (session === null) throw problems.notFound();
        if (session.state === 'ended') throw problems.conflict('This session has ended already.');
        const change = { session: id, person: session.person.username };
        await audit(tx, act, { action: 'session.end-asked', target: session.item.hostname, change });
        return session;
      });
      const live = sessions.find(id);
      if (live === null) await database.system((tx) => askEnd(tx, session.id, principal.name));
      else {
        live.end({ ending: 'administrator', by: principal.name, problem: `${principal.name} ended this session.` });
        await live.finished;
      }
      return reply.code(204).send();
    },
  );
};

/** @throws Problem 404 for what is not there and for what is not theirs */
export const findOwn = async (sessions: Sessions, request: Request, id: string): Promise<Session> =>
  sessions.parts.database.system(async (tx) => {
    const user = await requireUser(tx, request);
    const session = await findSession(tx, id);
    if (session === null || session.person.userId !== user.id) throw problems.notFound();
    return session;
  });

type Role = z.output<typeof OwnSession>['role'];

/** Null: it is not theirs in any way. */
const roleIn = ({ person, participants }: Session, userId: number): Role | null => {
  if (person.userId === userId) return 'person';
  const own = participants.filter((one) => one.userId === userId);
  return own.length === 0 ? null : own.some(({ leftAt }) => leftAt === null) ? 'guest' : 'left';
};

/** Had or joined. @throws Problem 404 for what is not there and for what is not theirs */
const findMine = async (sessions: Sessions, request: Request, id: string) =>
  sessions.parts.database.system(async (tx) => {
    const { id: userId } = await requireUser(tx, request);
    const session = await findSession(tx, id);
    const role = session && roleIn(session, userId);
    if (session === null || role === null) throw problems.notFound();
    return { ...session, role, userId };
  });

/** @throws Problem 404 for what this person does not see */
const findToJoin = async (sessions: Sessions, request: Request, id: string): Promise<LiveSession> => {
  const { session, reach } = await sessions.parts.database.system(async (tx) => {
    const user = await requireUser(tx, request);
    const session = await findSession(tx, id);
    return { session, reach: session && (await findReach(tx, user.id, session.item, sessions.parts.clock.now())) };
  });
  if (session === null || reach === null) throw problems.notFound();
  return requireLive(sessions, session);
};

/** @throws Problem 404, or 409 where it has ended or is held by another copy */
export const findOwnLive = async (sessions: Sessions, request: Request): Promise<LiveSession> =>
  requireLive(sessions, await findOwn(sessions, request, OneSession.parse(request.params).id));

const findMyLive = async (sessions: Sessions, request: Request) => {
  const { role, userId, ...session } = await findMine(sessions, request, OneSession.parse(request.params).id);
  return { role, userId, live: requireLive(sessions, session) };
};

const noListener = { text: () => undefined, bytes: () => undefined, closed: () => undefined };

const requireLive = (sessions: Sessions, session: Session): LiveSession => {
  const live = sessions.find(session.id);
  if (live !== null && !live.isOver()) return live;
  throw problems.conflict(
    session.state === 'ended' || live !== null
      ? 'This session has ended.'
      : 'Another copy of the site holds this session. A load balancer must send a person to the same copy.',
  );
};
