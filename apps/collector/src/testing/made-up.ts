import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineConnector, empty, stream } from '@gatehouse/connector-kit';
import { fields } from '@gatehouse/fields';
import type { Cursor, Http, Page } from '@gatehouse/host';
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';

const Answer = z.object({ ids: z.array(z.string()), next: z.string().nullable(), filler: z.string().default('') });
const noAccount = empty('accounts');
const noEvent = empty('events');

const pages = async function* <T>(
  http: Http,
  path: string,
  from: Cursor | null,
  map: (id: string, filler: string) => T,
) {
  for (let here = from ?? path; ; ) {
    const { ids, next, filler } = await http.get(here, Answer);
    const page: Page<T> = { records: ids.map((id) => map(id, filler)), cursor: next };
    yield page;
    if (next === null || next === here) return;
    here = next;
  }
};

const everyMs = Number(process.env.MADE_UP_EVERY_MS ?? 3_600_000);

/** A directory that never was: a list, and events that go on. */
const directory = defineConnector({
  id: 'active-directory',
  name: 'Made-up Directory',
  summary: 'Reads what the tests make up.',
  collected: 'only',
  config: fields.object({
    address: fields.url('Address', 'Where the made-up directory listens.'),
    bindName: fields.text('Account', 'Whatever it is called.'),
    password: fields.secret('Password', 'Of that account.'),
    authorities: z.string().max(100_000).meta({ title: 'Certificate authority', description: 'PEM.' }).optional(),
  }),
  setup: [],
  point: ({ address }) => address,
  connect: ({ address, password }, host) =>
    host.http({
      ...{ origin: address, system: 'Made-up Directory' },
      authorize: ({ headers }) => headers.set('authorization', `Bearer ${password.reveal()}`),
    }),
  check: async (http) => {
    await http.get('/check', z.object({ ok: z.literal(true) }));
    return [];
  },
  streams: {
    users: stream({
      ...{ record: 'accounts', title: 'Users', needs: 'to be a user', reading: { mode: 'full' }, everyMs },
      read: (http: Http, from) =>
        pages(http, '/users?after=0', from, (id, filler) => ({
          ...noAccount,
          ...{ id, raw: { filler }, type: 'user' as const, login: id, status: 'enabled' as const },
        })),
    }),
    events: stream({
      ...{ record: 'events', title: 'Events', needs: 'Event Log Readers', reading: { mode: 'events' }, everyMs },
      read: (http: Http, from) =>
        pages(http, '/events?after=0', from, (id, filler) => ({
          ...noEvent,
          ...{ id, raw: { filler }, at: new Date('2026-01-02T03:04:05Z'), type: 'made.up' },
        })),
      probe: async (http) => void (await http.get('/events?after=0', Answer)),
    }),
  },
});

export const madeUp = definePlugin('active-directory', directory, async (_, { address }) => ({
  id: 'S-1-5-21-1-2-3',
  name: new URL(address).host,
}));

/** What the directory holds, and what it does. */
export interface MadeUpDirectory {
  readonly origin: string;
  readonly holds: { users: number; events: number; filler: string; pageSize: number };
  readonly knobs: { password: string; forbidEvents: boolean; isDown: boolean; slowMs: number };
  /** Paths that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

export const startDirectory = async (): Promise<MadeUpDirectory> => {
  const holds = { users: 5, events: 5, filler: '', pageSize: 2 };
  const knobs = { password: 'pa55-of-the-tests', forbidEvents: false, isDown: false, slowMs: 0 };
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://directory');
    asked.push(request.url ?? '');
    if (knobs.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, knobs.slowMs));
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (knobs.isDown) return send(503, {});
    if (request.headers.authorization !== `Bearer ${knobs.password}`) return send(401, {});
    if (url.pathname === '/check') return send(200, { ok: true });
    if (url.pathname === '/events' && knobs.forbidEvents) return send(403, {});
    const isEvents = url.pathname === '/events';
    const after = Number(url.searchParams.get('after'));
    const count = isEvents ? holds.events : holds.users;
    const end = Math.min(count, after + holds.pageSize);
    const ids = Array.from({ length: end - after }, (_, i) => `${isEvents ? 'event' : 'user'}-${after + i}`);
    const next = isEvents || end < count ? `${url.pathname}?after=${end}` : null;
    return send(200, { ids, next, filler: holds.filler });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on TCP has a port.
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ holds, knobs, asked },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
