import { defineConnector, empty, stream } from '@gatehouse/connector-kit';
import { fakeVendor } from '@gatehouse/connector-kit/fake';
import { fields } from '@gatehouse/fields';
import type { Http } from '@gatehouse/host';
import type { Secret } from '@gatehouse/kernel';
import { z } from 'zod';

const config = fields.object({
  address: fields.url('Address', 'Where Acme answers, for example https://acme.example.'),
  token: fields.secret('Token', 'From Settings, Tokens.'),
  note: fields.text('Note', 'Anything to remember.').optional(),
});

const Person = z.object({
  /** Kept as it is, and nothing else. */
  note: z.string().optional(),
  id: z.string(),
  login: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
});
const Team = z.object({ id: z.string(), name: z.string(), parent: z.string().nullable().default(null) });
const Member = z.object({ team: z.string(), kind: z.enum(['account', 'group']), member: z.string() });
const Role = z.object({
  id: z.string(),
  name: z.string(),
  privilege: z.enum(['none', 'low', 'moderate', 'high', 'highest']),
});
const Grant = z.object({
  id: z.string(),
  kind: z.enum(['account', 'group']),
  principal: z.string(),
  role: z.string(),
  targets: z.array(z.string()).default([]),
});

const minute = 60_000;
const full = { reading: { mode: 'full' }, everyMs: 60 * minute } as const;

/** A connector as small as one can be, for tests of what happens around it. */
export const acme = defineConnector({
  id: 'acme',
  name: 'Acme',
  summary: 'People, teams and roles of Acme.',
  config,
  setup: [{ title: 'Acme', text: ['Make a token.'], settings: ['address', 'token', 'note'], showsEgress: true }],
  point: ({ address }) => new URL(address).host,
  notes: ({ address }) => (address.endsWith('/') ? ['The slash at the end was left out.'] : []),
  app: ({ address }) => ({ program: 'acme', name: 'Acme', url: address }),
  connect: ({ address, token }, host): Http =>
    host.http({ origin: address, system: 'Acme', authorize: (request) => authorize(request.headers, token) }),
  check: async (http) => {
    await http.get('/check', z.object({ ok: z.literal(true) }));
    return [];
  },
  streams: {
    people: stream<Http, 'accounts'>({
      ...{ record: 'accounts', title: 'People', needs: 'the scope people', ...full },
      read: (http, from) =>
        http.pages(from ?? '/people?limit=10', Person, ({ id, note, login, name, email }) => ({
          ...{ ...empty('accounts'), id, login, displayName: name, email, type: 'user', status: 'enabled' },
          raw: { id, login, name, email, ...(note !== undefined && { note }) },
        })),
    }),
    teams: stream<Http, 'groups'>({
      ...{ record: 'groups', title: 'Teams', needs: 'the scope teams', ...full },
      read: (http, from) =>
        http.pages(from ?? '/teams?limit=10', Team, ({ id, name, parent }) => ({
          ...{ ...empty('groups'), id, name, parentId: parent, type: 'team', raw: { id } },
        })),
    }),
    members: stream<Http, 'memberships'>({
      ...{ record: 'memberships', title: 'Members', needs: 'the scope teams', ...full },
      read: (http, from) =>
        http.pages(from ?? '/members?limit=10', Member, ({ team, kind, member }) => ({
          ...{
            ...empty('memberships'),
            id: `${team}/${kind}/${member}`,
            groupId: team,
            memberKind: kind,
            memberId: member,
          },
          ...{ via: 'direct', raw: { team } },
        })),
    }),
    roles: stream<Http, 'roles'>({
      ...{ record: 'roles', title: 'Roles', needs: 'the scope roles', ...full },
      read: (http, from) =>
        http.pages(from ?? '/roles?limit=10', Role, ({ id, name, privilege }) => ({
          ...{ ...empty('roles'), id, name, privilege, type: 'builtin_role', raw: { id } },
        })),
    }),
    grants: stream<Http, 'grants'>({
      ...{ record: 'grants', title: 'Grants', needs: 'the scope roles', ...full },
      read: (http, from) =>
        http.pages(from ?? '/grants?limit=10', Grant, ({ id, kind, principal, role, targets }) => ({
          ...{ ...empty('grants'), id, principalKind: kind, principalId: principal, roleId: role, targets },
          ...{ via: 'direct', state: 'active', raw: { id } },
        })),
    }),
  },
});

const authorize = (headers: Headers, token: Secret) => headers.set('authorization', `Bearer ${token.reveal()}`);

export const goodToken = 'acme-token-that-nobody-may-see';

export interface AcmePerson {
  readonly id: string;
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** What Acme holds. Tests change it between runs. */
export const acmeOf = (count: number) => ({
  people: Array.from({ length: count }, (_, i): AcmePerson => {
    const number = String(i).padStart(4, '0');
    return {
      id: `p${number}`,
      login: `person.${number}`,
      name: `Person ${number}`,
      email: `person.${number}@acme.example`,
    };
  }),
  teams: [
    { id: 't1', name: 'Everybody', parent: null },
    { id: 't2', name: 'Engineers', parent: 't1' },
  ] as { id: string; name: string; parent: string | null }[],
  members: [
    { team: 't2', kind: 'account', member: 'p0000' },
    { team: 't1', kind: 'account', member: 'p0001' },
  ] as { team: string; kind: 'account' | 'group'; member: string }[],
  roles: [
    { id: 'owner', name: 'Owner', privilege: 'highest' },
    { id: 'viewer', name: 'Viewer', privilege: 'low' },
  ],
  grants: [
    { id: 'g1', kind: 'group', principal: 't1', role: 'viewer', targets: [] },
    { id: 'g2', kind: 'account', principal: 'p0000', role: 'owner', targets: ['group:t2'] },
  ],
});

export type Holding = ReturnType<typeof acmeOf>;

/** The fake: `gate` is awaited before every answer of a list, so that a test can hold a run at any page. */
export const fakeAcme = (holds: Holding, gate: (path: string) => Promise<void> = async () => undefined) =>
  fakeVendor((fake) => ({
    routes: {
      'GET /check': () => ({ body: { ok: true } }),
      ...Object.fromEntries(
        (['people', 'teams', 'members', 'roles', 'grants'] as const).map((name) => [
          `GET /${name}`,
          async (request: Parameters<typeof fake.page>[0]) => {
            await gate(`/${name}?${request.query}`);
            return fake.page(request, holds[name]);
          },
        ]),
      ),
    },
    streams: {
      people: /^\/people/,
      teams: /^\/teams/,
      members: /^\/members/,
      roles: /^\/roles/,
      grants: /^\/grants/,
    },
    authorized: (request) => request.headers.authorization === `Bearer ${goodToken}`,
    secrets: [goodToken],
    grow: {},
  }));
