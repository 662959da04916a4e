import { fields } from '@gatehouse/fields';
import type { Cursor, Http, Page } from '@gatehouse/host';
import { z } from 'zod';
import { type Account, defineConnector, type Event, empty, type Membership, stream } from '../src/index.ts';
import { type FakeAnswer, fakeVendor, type SeenRequest } from '../src/testing/index.ts';

/** A connector to a system that does not exist, small enough to plant a defect in each part of it. */
const User = z.looseObject({ id: z.string(), login: z.string() });
const Group = z.looseObject({ id: z.string(), name: z.string() });
const Member = z.object({ group: z.string(), user: z.string() });
const Members = z.object({ items: z.array(Member), gone: z.array(z.string()), watermark: z.number() });
const Happening = z.looseObject({ id: z.string(), action: z.string(), at: z.coerce.date() });

export const toAccount = (user: z.output<typeof User>): Account => ({
  ...empty('accounts'),
  id: user.id,
  login: user.login,
  status: 'enabled',
  raw: z.json().parse(user),
});

export async function* readMemberships(http: Http, from: Cursor | null): AsyncIterable<Page<Membership>> {
  for (let here = from ?? '/api/memberships?limit=200'; ; ) {
    const { body, next } = await http.request(here, Members);
    const records = body.items.map(({ group, user }) => ({
      ...empty('memberships'),
      ...{ id: `${group}/${user}`, groupId: group, memberId: user, memberKind: 'account' as const, raw: null },
    }));
    yield { records, gone: body.gone, cursor: next ?? `/api/memberships?limit=200&since=${body.watermark}` };
    if (next === null) return;
    here = next;
  }
}

export async function* readEvents(http: Http, from: Cursor | null): AsyncIterable<Page<Event>> {
  for (let here = from ?? '/api/events?limit=100'; ; ) {
    const { body, next } = await http.request(here, z.array(Happening));
    const records = body.map(({ id, action, at }) => ({ ...empty('events'), id, action, time: at, raw: null }));
    yield { records, cursor: next ?? here };
    if (next === null || body.length === 0) return;
    here = next;
  }
}

export const acme = defineConnector({
  id: 'acme',
  name: 'Acme',
  summary: 'People and groups of Acme.',
  config: fields.object({
    url: fields.url('Address', 'The address you open Acme at, for example https://acme.example.'),
    apiToken: fields.secret('API token', 'Create it under Settings, Tokens, with the role Reader.'),
  }),
  setup: [{ title: 'Connect', text: ['Create a token.'], settings: ['url', 'apiToken'] }],
  point: ({ url }) => new URL(url).host,
  connect: ({ url, apiToken }, host) =>
    host.http({
      origin: url,
      system: 'Acme',
      authorize: ({ headers }) => headers.set('authorization', `Token ${apiToken.reveal()}`),
    }),
  async check(http) {
    await http.get('/api/me', z.object({ name: z.string() }));
    return [];
  },
  streams: {
    accounts: stream<Http, 'accounts'>({
      ...{ record: 'accounts', title: 'Users', needs: 'the permission "Read users"' },
      ...{ reading: { mode: 'full' }, everyMs: 3_600_000 },
      read: (http, from) => http.pages(from ?? '/api/users?limit=200', User, toAccount),
    }),
    groups: stream<Http, 'groups'>({
      ...{ record: 'groups', title: 'Groups', needs: 'the permission "Read groups"' },
      ...{ reading: { mode: 'full' }, everyMs: 3_600_000 },
      read: (http, from) =>
        http.pages(from ?? '/api/groups?limit=200', Group, ({ id, name }) => ({
          ...empty('groups'),
          id,
          name,
          raw: null,
        })),
      probe: async (http) => void (await http.get('/api/groups?limit=1', z.array(Group))),
    }),
    memberships: stream<Http, 'memberships'>({
      ...{ record: 'memberships', title: 'Memberships', needs: 'the permission "Read members"' },
      ...{ reading: { mode: 'delta', fullEveryMs: 86_400_000 }, everyMs: 600_000 },
      read: readMemberships,
    }),
    events: stream<Http, 'events'>({
      ...{ record: 'events', title: 'Events', needs: 'the permission "Read the log"' },
      ...{ reading: { mode: 'events' }, everyMs: 60_000 },
      read: readEvents,
    }),
  },
});

export const goodToken = 'acme-good-4b1d9c07e2';
export const settings = (origin: string) => ({ url: origin, apiToken: goodToken });

/** What Acme holds; a test changes it between runs. */
export const createAcme = () => {
  const users = Array.from({ length: 7 }, (_, i) => userOf(i));
  const groups = Array.from({ length: 5 }, (_, i) => ({ id: `g${i}`, name: `Group ${i}` }));
  const happenings = Array.from({ length: 7 }, (_, i) => happeningOf(i));
  /** Every change of a membership: its place is the watermark after it. */
  const changes = Array.from({ length: 6 }, (_, i) => ({ group: `g${i % 5}`, user: `u${i}`, gone: false }));
  return { users, groups, happenings, changes };
};

export const fakeAcme = (held = createAcme()) =>
  fakeVendor((fake) => ({
    routes: {
      'GET /api/me': () => ({ body: { name: 'reader' } }),
      'GET /api/users': (request) => fake.page(request, held.users),
      'GET /api/groups': (request) => fake.page(request, held.groups),
      'GET /api/events': (request) => fake.page(request, held.happenings, { endless: true }),
      'GET /api/memberships': (request) => membershipsOf(request, held.changes, fake.page),
    },
    streams: {
      accounts: /^\/api\/users/,
      groups: /^\/api\/groups/,
      memberships: /^\/api\/memberships/,
      events: /^\/api\/events/,
    },
    authorized: ({ headers }) => headers.authorization === `Token ${goodToken}`,
    refuse: (why) => ({ body: { error: why } }),
    secrets: [plantedHash, plantedToken, plantedKey],
    grow: {
      accounts: (count) => {
        for (let i = held.users.length; i < count; i++) held.users.push(userOf(i));
      },
    },
  }));

const membershipsOf = (
  request: SeenRequest,
  changes: readonly { group: string; user: string; gone: boolean }[],
  page: (
    request: SeenRequest,
    items: readonly unknown[],
    paging: { body(items: readonly unknown[]): unknown },
  ) => FakeAnswer,
): FakeAnswer => {
  const since = Number(request.query.get('since') ?? 0);
  return page(request, changes.slice(since), {
    body: (items) => {
      const shown = items as typeof changes;
      return {
        items: shown.filter(({ gone }) => !gone).map(({ group, user }) => ({ group, user })),
        gone: shown.filter(({ gone }) => gone).map(({ group, user }) => `${group}/${user}`),
        watermark: changes.length,
      };
    },
  });
};

const plantedHash = '$2b$10$abcdefghijklmnopqrstuv';
const plantedToken = 'planted-token-77aa';
const plantedKey = `-----BEGIN PRIVATE KEY-----\n${'QUJD'.repeat(20)}\n-----END PRIVATE KEY-----`;

const userOf = (i: number) => ({
  id: `u${i}`,
  login: `user${i}@acme.example`,
  password: { hash: { value: plantedHash } },
  apiToken: plantedToken,
  note: plantedKey,
  about: `About ${i}. ${'All work and no play. '.repeat(60)}`,
});

const happeningOf = (i: number) => ({ id: `e${i}`, action: 'sign_in', at: new Date(1_750_000_000_000 + i * 1_000) });
