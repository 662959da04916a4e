import { expect } from 'vitest';
import type { z } from 'zod';
import { toTokenCredential } from '../api-tokens.ts';
import { toGroupAssignment, toUserAssignment } from '../app-assignments.ts';
import { Keys, toCertificateCredential, toSecretCredential } from '../app-credentials.ts';
import { toScopeGrant } from '../app-grants.ts';
import { toAppResource } from '../apps.ts';
import { Method, toAuthenticator } from '../authenticators.ts';
import type { Listing, OktaClient } from '../client.ts';
import { toFactor } from '../factors.ts';
import { toGroup, toMembership, toRulePolicy } from '../groups.ts';
import { toIdp } from '../idps.ts';
import { toPolicy } from '../policies.ts';
import { toRuleSettings } from '../policy-rules.ts';
import { toResourceSet } from '../resource-sets.ts';
import { targetOf, toRoleGrant } from '../role-assignments.ts';
import { Permission, toRole } from '../roles.ts';
import { Identified, textAt, timeAt } from '../shapes.ts';
import { LogEvent, toEvent } from '../system-log.ts';
import { toAccount } from '../users.ts';
import { toZone } from '../zones.ts';

/** How answers of one kind are read by the connector, and what must be found again in what came of them. */
export interface Cover {
  /** Over the path without its query. */
  readonly pattern: RegExp;
  read(client: OktaClient, path: string): Promise<{ records: readonly unknown[]; next: string | null }>;
  itemsOf(body: unknown): readonly unknown[];
  /** The same for one body by itself, where such are answered when a thing is made or changed. */
  parse?(body: unknown): unknown;
  compare(record: unknown, item: unknown, where: string): void;
}

// Bodies are recorded answers of a known kind, and records what a mapper made: casts below say which.
type Compare = Cover['compare'];

/** Each named column holds what stands at a path of the item; times are compared as times. */
const holds =
  (columns: Readonly<Record<string, string>>): Compare =>
  (record, item, where) => {
    for (const [column, path] of Object.entries(columns)) {
      const names = path.split('.');
      const found = Reflect.get(record as object, column) as unknown;
      const given = found instanceof Date ? timeAt(item, ...names)?.getTime() : textAt(item, ...names);
      expect(found instanceof Date ? found.getTime() : found, `${where} ${column}`).toBe(given ?? null);
    }
  };

const list = <S extends z.ZodType>(
  pattern: RegExp,
  shape: S,
  map: (item: z.output<S>) => unknown,
  compare: Compare,
): Cover => ({
  pattern,
  async read(client, path) {
    const { items, next } = await client.list(path, shape);
    return { records: items.map(map), next };
  },
  itemsOf: (body) => body as readonly unknown[],
  // A POST to a list answers the thing that was made.
  parse: (body) => map(shape.parse(body)),
  compare,
});

const listIn = <S extends z.ZodType>(
  pattern: RegExp,
  name: string,
  shape: S,
  map: (item: z.output<S>) => unknown,
  compare: Compare,
): Cover => ({
  pattern,
  async read(client, path) {
    const { items, next }: Listing<z.output<S>> = await client.listIn(path, name, shape);
    return { records: items.map(map), next };
  },
  itemsOf: (body) => Reflect.get(body as object, name) as readonly unknown[],
  compare,
});

const one = <S extends z.ZodType>(
  pattern: RegExp,
  shape: S,
  map: (item: z.output<S>) => unknown,
  compare: Compare,
): Cover => ({
  pattern,
  async read(client, path) {
    const { body, next } = await client.get(path, shape);
    return { records: [map(body)], next };
  },
  itemsOf: (body) => [body],
  parse: (body) => map(shape.parse(body)),
  compare,
});

const account = holds({
  id: 'id',
  login: 'profile.login',
  statusReason: 'status',
  createdAt: 'created',
  lastLoginAt: 'lastLogin',
  passwordChangedAt: 'passwordChanged',
});
const group = holds({ id: 'id', name: 'profile.name', createdAt: 'created' });
const noRules = { byGroup: new Map<string, readonly string[]>(), known: true };
const asGroup = (item: Identified) => toGroup(item, noRules);
const rule = holds({ id: 'id', name: 'name' });
const app = holds({ id: 'id', name: 'label', createdAt: 'created' });
const noApp: Identified = { id: 'app' };
const assignment = holds({ principalId: 'id', createdAt: 'created' });
const factor = holds({ type: 'factorType', createdAt: 'created' });
const token = holds({ id: 'id', name: 'name', ownerId: 'userId', createdAt: 'created', expiresAt: 'expiresAt' });
const grant = holds({ roleId: 'scopeId', createdAt: 'created' });
const named = holds({ id: 'id', name: 'name', createdAt: 'created' });
const labelled = holds({ id: 'id', name: 'label' });
const policy = holds({ id: 'id', name: 'name' });
const asPolicy = (item: Identified) => toPolicy({ policy: item, as: 'other', rules: [], appIds: [] });
const role = holds({ roleId: 'type', createdAt: 'created' });
const asRole = (kind: 'account' | 'group') => (item: Identified) =>
  toRoleGrant({ kind, id: 'holder', path: '' }, item, []);
const key = (record: unknown, item: unknown, where: string) => {
  const text = JSON.stringify(record);
  expect(text, where).toContain(textAt(item, 'kid') ?? textAt(item, 'id'));
  expect(text, where).not.toMatch(/REDACTED|secret_hash/);
  expect(Reflect.get(record as object, 'createdAt') as unknown, where).toEqual(timeAt(item, 'created'));
};

/** Everything a stream asks Okta for, in the forms in which it was recorded: lists, and single things of the same kind. */
export const covers: readonly Cover[] = [
  list(/^\/api\/v1\/users$/, Identified, toAccount, account),
  list(/^\/api\/v1\/groups\/rules$/, Identified, toRulePolicy, rule),
  one(/^\/api\/v1\/users\/(?!me\b)[^/]+$/, Identified, toAccount, account),
  list(/^\/api\/v1\/groups$/, Identified, asGroup, group),
  one(/^\/api\/v1\/groups\/[^/]+$/, Identified, asGroup, group),
  {
    ...list(
      /^\/api\/v1\/groups\/[^/]+\/users$/,
      Identified,
      (item) => toMembership({ id: 'group' }, 'direct', item),
      holds({ memberId: 'id' }),
    ),
  },
  list(/^\/api\/v1\/apps$/, Identified, toAppResource, app),
  one(/^\/api\/v1\/apps\/[^/]+$/, Identified, toAppResource, app),
  list(/^\/api\/v1\/apps\/[^/]+\/users$/, Identified, (item) => toUserAssignment('app', item), assignment),
  one(/^\/api\/v1\/apps\/[^/]+\/users\/[^/]+$/, Identified, (item) => toUserAssignment('app', item), assignment),
  list(/^\/api\/v1\/apps\/[^/]+\/groups$/, Identified, (item) => toGroupAssignment('app', item), assignment),
  one(/^\/api\/v1\/apps\/[^/]+\/groups\/[^/]+$/, Identified, (item) => toGroupAssignment('app', item), assignment),
  list(/^\/api\/v1\/apps\/[^/]+\/grants$/, Identified, (item) => toScopeGrant(noApp, item), grant),
  one(/^\/api\/v1\/apps\/[^/]+\/grants\/[^/]+$/, Identified, (item) => toScopeGrant(noApp, item), grant),
  ...(
    [
      ['secrets', toSecretCredential],
      ['keys', toCertificateCredential],
      ['jwks', toCertificateCredential],
    ] as const
  ).map(
    ([name, map]): Cover => ({
      pattern: new RegExp(`^/api/v1/apps/[^/]+/credentials/${name}$`),
      async read(client, path) {
        const { body, next } = await client.get(path, Keys);
        return { records: body.items.map((item) => map(noApp, item)), next };
      },
      itemsOf: (body) => (Array.isArray(body) ? body : (body as { jwks: { keys: readonly unknown[] } }).jwks.keys),
      compare: key,
    }),
  ),
  list(/^\/api\/v1\/users\/[^/]+\/factors$/, Identified, (item) => toFactor('user', item, null), factor),
  one(/^\/api\/v1\/users\/[^/]+\/factors\/[^/]+$/, Identified, (item) => toFactor('user', item, null), factor),
  list(/^\/api\/v1\/users\/[^/]+\/roles$/, Identified, asRole('account'), role),
  list(/^\/api\/v1\/groups\/[^/]+\/roles$/, Identified, asRole('group'), role),
  list(
    /\/targets\/groups$/,
    Identified,
    (item) => ({ target: targetOf('groups', item) }),
    (record, item, where) => expect(record, where).toEqual({ target: `group:${textAt(item, 'id')}` }),
  ),
  listIn(/^\/api\/v1\/iam\/roles$/, 'roles', Identified, (item) => toRole(item, []), labelled),
  one(/^\/api\/v1\/iam\/roles\/[^/]+$/, Identified, (item) => toRole(item, []), labelled),
  listIn(
    /^\/api\/v1\/iam\/roles\/[^/]+\/permissions$/,
    'permissions',
    Permission,
    (item) => item,
    holds({ label: 'label' }),
  ),
  listIn(/^\/api\/v1\/iam\/resource-sets$/, 'resource-sets', Identified, (item) => toResourceSet(item, []), labelled),
  one(/^\/api\/v1\/iam\/resource-sets\/[^/]+$/, Identified, (item) => toResourceSet(item, []), labelled),
  listIn(
    /^\/api\/v1\/iam\/resource-sets\/[^/]+\/resources$/,
    'resources',
    Identified,
    (item) => item,
    (record, item, where) => {
      const orn = textAt(item, 'orn') ?? '';
      const { attributes } = toResourceSet({ id: 'set' }, [Identified.parse(record)]);
      expect(attributes, where).toMatchObject({ orns: [orn], apps: [orn.split(':').at(-1)] });
    },
  ),
  listIn(/^\/api\/v1\/iam\/resource-sets\/[^/]+\/bindings$/, 'roles', Identified, (item) => item, holds({ id: 'id' })),
  list(/^\/api\/v1\/authenticators$/, Identified, (item) => toAuthenticator(item, []), named),
  one(/^\/api\/v1\/authenticators\/[^/]+$/, Identified, (item) => toAuthenticator(item, []), named),
  list(
    /^\/api\/v1\/authenticators\/[^/]+\/methods$/,
    Method,
    (item) => toAuthenticator({ id: 'a' }, [item]),
    (record, item, where) =>
      expect(record, where).toMatchObject({
        attributes: { methods: textAt(item, 'status') === 'ACTIVE' ? [textAt(item, 'type')] : [] },
      }),
  ),
  list(/^\/api\/v1\/api-tokens\/?$/, Identified, toTokenCredential, token),
  one(/^\/api\/v1\/api-tokens\/[^/]+$/, Identified, toTokenCredential, token),
  list(/^\/api\/v1\/idps$/, Identified, toIdp, named),
  one(/^\/api\/v1\/idps\/(?!credentials)[^/]+$/, Identified, toIdp, named),
  list(/^\/api\/v1\/policies$/, Identified, asPolicy, policy),
  one(/^\/api\/v1\/policies\/[^/]+$/, Identified, asPolicy, policy),
  list(/^\/api\/v1\/policies\/[^/]+\/rules$/, Identified, toRuleSettings, policy),
  one(/^\/api\/v1\/policies\/[^/]+\/rules\/[^/]+$/, Identified, toRuleSettings, policy),
  list(/^\/api\/v1\/policies\/[^/]+\/(mappings|app)$/, Identified, (item) => item, holds({ id: 'id' })),
  list(/^\/api\/v1\/zones$/, Identified, toZone, named),
  one(/^\/api\/v1\/zones\/[^/]+$/, Identified, toZone, named),
  list(
    /^\/api\/v1\/logs$/,
    LogEvent,
    toEvent,
    holds({ id: 'uuid', action: 'eventType', time: 'published', actorId: 'actor.id', ip: 'client.ipAddress' }),
  ),
];
