import { type App, audit, hashToken, problems, type Request } from '@gatehouse/server';
import { z } from 'zod';
import { EventList, EventsQuery } from '../api/events.ts';
import { type Connection, findBySecret } from '../connections/index.ts';
import { tellSession } from '../details/index.ts';
import type { DeskParts } from '../parts.ts';
import { only } from '../people/index.ts';
import { readEvent, receiveEvent } from './receive.ts';
import type { Senders } from './senders.ts';
import { findEvent, listEvents } from './store.ts';

const tags = ['events'];
const Query = z.object({ KB: z.string().min(1).max(200) }).loose();

interface Sender {
  readonly connection: Connection | null;
  readonly isAllowed: boolean;
}
interface Asked {
  readonly raw: object;
  readonly query: unknown;
  readonly ip: string;
}

/** Where sites tell what happens. Kept first, then answered, then worked on: whoever waits for the answer sends nothing else. */
export const serveEvents = (app: App, parts: DeskParts, around: { readonly senders: Senders; wake(): void }): void => {
  const { database, clock, log } = parts;
  const { senders, wake } = around;
  const known = new WeakMap<object, Promise<Sender>>();
  /** Who sends a request, found once: its connection by the secret, and whether it may come from where it comes. */
  const senderOf = (request: Asked): Promise<Sender> => {
    const found = known.get(request.raw) ?? find(request);
    known.set(request.raw, found);
    return found;
  };
  const find = async ({ query, ip }: Asked): Promise<Sender> => {
    const { data } = Query.safeParse(query);
    if (data === undefined) return { connection: null, isAllowed: false };
    const found = await database.system((tx) => findBySecret(tx, hashToken(data.KB)));
    const connection = found?.enabled ? found : null;
    return { connection, isAllowed: connection !== null && (await senders.includes(connection.senders, ip)) };
  };
  // Nobody limits those who were let in: one that is refused holds up everything that its appliance has to tell.
  const rateLimit = {
    ...{ max: 600, timeWindow: 60_000 },
    allowList: async (request: Asked) => (await senderOf(request)).isAllowed,
  };

  app.register(async (events: App) => {
    events.removeAllContentTypeParsers();
    events.addContentTypeParser(form, (_request: unknown, payload: AsyncIterable<Buffer>) => readText(payload));
    events.post(
      '/extension/connect/events',
      {
        ...{ config: { access: 'program', rateLimit }, preParsing: open },
        schema: { summary: 'An event of a site', tags, querystring: Query, response: { 200: z.string() } },
      },
      async (request, reply) => {
        const { body, ip } = request;
        const connection = await admit(request);
        const parameters = readEvent(new URLSearchParams(typeof body === 'string' ? body : ''));
        const { connectionId } = connection;
        await database.system((tx) => receiveEvent(tx, { connectionId, sender: ip, at: clock.now() }, parameters));
        wake();
        return reply.type('text/plain').send('OK');
      },
    );
  });
  const open = async (request: Request): Promise<void> => {
    await admit(request);
    // Before its body is read, as a form, whatever it says that it is.
    request.raw.headers['content-type'] = form;
  };
  /** Before anything of it is read. @throws Problem 404, 403 */
  const admit = async (request: Asked): Promise<Connection> => {
    const { connection, isAllowed } = await senderOf(request);
    // Who does not know the secret learns nothing else.
    if (connection === null) throw problems.notFound();
    if (isAllowed) return connection;
    await refuse(connection, request.ip);
    throw problems.forbidden('Events are not taken from this address.');
  };
  const refuse = async ({ name }: Connection, address: string): Promise<void> => {
    log.warn({ address }, 'an event came from an address that is not allowed');
    const by = { principal: { kind: 'program', id: 'events', name: address }, correlationId: '' } as const;
    await database.system((tx) => audit(tx, by, { action: 'event.refuse', target: name, change: { address } }));
  };

  const managers = { config: { access: 'signed-in' }, onRequest: only(database, 'manager') } as const;
  app.get(
    '/api/events',
    {
      ...managers,
      schema: {
        summary: 'Events that came, newest first',
        tags,
        querystring: EventsQuery,
        response: { 200: EventList },
      },
    },
    async ({ query }) => database.system((tx) => listEvents(tx, query)),
  );
  app.post(
    '/api/events/:eventId/replay',
    {
      ...managers,
      schema: {
        ...{ summary: 'Work on an event again', tags, params: z.object({ eventId: z.uuid() }) },
        response: { 204: z.void() },
      },
    },
    async ({ act, params: { eventId } }, reply) => {
      await database.system(async (tx) => {
        const found = await findEvent(tx, eventId);
        if (found === null) throw problems.notFound();
        if (found.problem !== '') throw problems.conflict(`Nothing can be made of this event. ${found.problem}`);
        await tellSession(tx, found.connectionId, found.lsid, clock.now());
        await audit(tx, act, { action: 'event.replay', target: found.lsid, change: { event: found.event } });
      });
      wake();
      return reply.code(204).send();
    },
  );
};

const form = 'application/x-www-form-urlencoded';
const mostBytes = 1_000_000;

/** What was posted, and no more of it than is kept: a site that is answered anything but 200 sends the same again, and nothing else. */
const readText = async (payload: AsyncIterable<Buffer>): Promise<string> => {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const part of payload) {
    if (bytes < mostBytes) kept.push(part.subarray(0, mostBytes - bytes));
    bytes += part.length;
  }
  return Buffer.concat(kept).toString('utf8');
};
