import { type FakeAnswer, type FakeVendor, fakeVendor, type SeenRequest } from '@gatehouse/connector-kit/fake';
import type { PasswordSafeOrganisation } from './fake/organisation.ts';
import { createSignIn, type SignInOptions, type SignInState } from './fake/sign-in.ts';
import { smallOrganisation, written } from './fake/small-organisation.ts';
import {
  accountWords,
  auditWords,
  groupWords,
  policyWords,
  registrationWords,
  ruleWords,
  sessionWords,
  systemWords,
  userWords,
} from './fake/words.ts';

export type * from './fake/organisation.ts';
export { smallOrganisation } from './fake/small-organisation.ts';

export interface PasswordSafeFake extends FakeVendor {
  readonly organisation: PasswordSafeOrganisation;
  /** Who may sign in, how often somebody did, and whose sessions are open. */
  readonly signIn: SignInState;
  /** The settings of a connection to it. */
  settings(origin: string): { url: string; apiKey: string; runAs: string; password?: string };
}

const base = '/BeyondTrust/api/public/v3';

/**
 * A Password Safe over HTTP: sign-in by key, run-as user and password; sessions known by a cookie; lists cut by `limit`
 * and `offset` where Password Safe does so, whole elsewhere.
 */
export const fakePasswordSafe = (
  organisation: PasswordSafeOrganisation = smallOrganisation(),
  options: SignInOptions = {},
): PasswordSafeFake => {
  const signIn = createSignIn(options);
  const fake = fakeVendor((self) => ({
    routes: under(base, {
      'POST /Auth/SignAppin': signIn.enter,
      'POST /Auth/Signout': signIn.leave,
      ...listsOf(organisation, self),
      ...belowOf(organisation, self),
    }),
    streams: streamPatterns,
    authorized: (request) =>
      request.path.endsWith('/SignAppin') ? signIn.refusal(request) === null : signIn.isKnown(request),
    refuse: (why, request) => {
      if (why === 'unauthorized') return signIn.refusal(request) ?? { status: 401, body: 'Unauthorized' };
      // Password Safe has neither of its own: a proxy in front of it may.
      return why === 'expired' ? { status: 400, body: 'Bad request' } : undefined;
    },
    get secrets() {
      return [...signIn.secrets, ...organisation.sessions.flatMap(({ token, recordKey }) => [token, recordKey])];
    },
    grow: growths(organisation),
  }));
  return Object.assign(fake, {
    ...{ organisation, signIn },
    settings: (origin: string) => ({ url: origin, ...signIn.settings }),
  });
};

type Routes = Record<string, (request: SeenRequest) => FakeAnswer>;

const under = (path: string, routes: Routes): Routes =>
  Object.fromEntries(Object.entries(routes).map(([pattern, answer]) => [pattern.replace(' ', ` ${path}`), answer]));

/** Lists that have a path of their own. */
const listsOf = (org: PasswordSafeOrganisation, fake: FakeVendor): Routes => ({
  'GET /Users': ({ query }) => ({
    body: org.users.filter(({ isActive }) => isActive || query.get('includeInactive') === 'true').map(userWords),
  }),
  'GET /UserGroups': () => ({ body: org.groups.map(groupWords) }),
  'GET /SmartRules': () => ({ body: org.smartRules.map(ruleWords) }),
  'GET /Roles': () => ({ body: org.roles.map(({ id, name }) => ({ RoleID: id, Name: name })) }),
  'GET /AccessPolicies': () => ({ body: org.accessPolicies.map(policyWords) }),
  'GET /Platforms': () => ({ body: org.platforms.map(({ id, name }) => ({ PlatformID: id, Name: name })) }),
  'GET /FunctionalAccounts': () => ({
    body: org.functionalAccounts.map(({ id, domain, name }) => ({
      ...{ FunctionalAccountID: id, PlatformID: 1, DomainName: domain, AccountName: name, DisplayName: null },
    })),
  }),
  'GET /ApiRegistrations': () => ({ body: org.registrations.map(registrationWords) }),
  'GET /Workgroups': () => ({
    body: org.workgroups.map(({ id, name }) => ({ OrganizationID: 'o1', ID: id, Name: name })),
  }),
  'GET /ManagedSystems': (request) => divided(fake, request, org.systems.map(systemWords)),
  'GET /Sessions': ({ query }) => ({
    body: org.sessions
      .filter(({ status }) => (query.get('status') ?? String(status)).split(',').includes(String(status)))
      .map(sessionWords),
  }),
  'GET /UserAudits': (request) => {
    const since = written(new Date(request.query.get('startdate') ?? 0));
    const found = org.audits.filter(({ at }) => at >= since).toSorted((a, b) => b.at.localeCompare(a.at));
    return divided(fake, request, found.map(auditWords));
  },
});

/** Lists that belong to something. */
const belowOf = (org: PasswordSafeOrganisation, fake: FakeVendor): Routes => ({
  'GET /UserGroups/:id/Users': ({ params }) =>
    found(byId(org.groups, params.id), ({ userIds }) => ({
      body: org.users.filter(({ id }) => userIds.includes(id)).map(userWords),
    })),
  'GET /UserGroups/:id/SmartRules': ({ params }) =>
    found(byId(org.groups, params.id), ({ rules }) => ({
      body: rules.flatMap(({ id, level }) =>
        org.smartRules.filter((rule) => rule.id === id).map((rule) => ({ ...ruleWords(rule), AccessLevelID: level })),
      ),
    })),
  'GET /UserGroups/:id/SmartRules/:rule/Roles': ({ params }) =>
    found(byId(byId(org.groups, params.id)?.rules ?? [], params.rule), ({ roleIds, policyId }) => ({
      body: org.roles
        .filter(({ id }) => roleIds.includes(id))
        .map(({ id, name }) => ({ RoleID: id, Name: name, ...(policyId && { AccessPolicyID: policyId }) })),
    })),
  'GET /SmartRules/:id/ManagedAccounts': (request) =>
    found(byId(org.smartRules, request.params.id), ({ accountIds }) =>
      divided(
        fake,
        request,
        org.systems.flatMap(({ id, accounts }) =>
          accounts.filter((one) => accountIds.includes(one.id)).map((one) => accountWords(one, id)),
        ),
      ),
    ),
  // The fake's rules of systems and assets select all there are.
  'GET /SmartRules/:id/ManagedSystems': (request) => divided(fake, request, org.systems.map(systemWords)),
  'GET /SmartRules/:id/Assets': (request) =>
    divided(
      fake,
      request,
      org.workgroups.flatMap(({ assets }) => assets.map(({ id, name }) => ({ AssetID: id, AssetName: name }))),
    ),
  'GET /ManagedSystems/:id/ManagedAccounts': (request) =>
    found(byId(org.systems, request.params.id), ({ id, accounts }) =>
      divided(
        fake,
        request,
        accounts.map((account) => accountWords(account, id)),
      ),
    ),
  'GET /Workgroups/:id/Assets': (request) =>
    found(byId(org.workgroups, request.params.id), ({ id, assets }) =>
      divided(
        fake,
        request,
        assets.map((asset) => ({
          ...{ WorkgroupID: id, AssetID: asset.id, AssetName: asset.name, DnsName: asset.dns, IPAddress: asset.ip },
          ...{ DomainName: 'corp.example', AssetType: 'Server', OperatingSystem: 'Linux', Description: '' },
          ...{ CreateDate: '2026-02-27T22:57:27.127Z', LastUpdateDate: '2026-02-28T22:57:27.127' },
        })),
      ),
    ),
});

const byId = <T extends { readonly id: number }>(list: readonly T[], id: string | undefined): T | undefined =>
  list.find((one) => String(one.id) === id);

const found = <T>(item: T | undefined, answer: (item: T) => FakeAnswer): FakeAnswer =>
  item === undefined ? { status: 404, body: '"Not found"' } : answer(item);

/** The bare list, or `{ TotalCount, Data }` where a limit is named. The next link is for the knobs of the fake alone. */
const divided = (fake: FakeVendor, request: SeenRequest, items: readonly unknown[]): FakeAnswer =>
  request.query.get('limit') === null
    ? { body: items }
    : fake.page(request, items, {
        ...{ size: { name: 'limit', default: 100_000 }, cursor: { name: 'offset', kind: 'after' } },
        body: (shown, total) => ({ TotalCount: total, Data: shown }),
      });

const growths = (org: PasswordSafeOrganisation): Readonly<Record<string, (count: number) => void>> => ({
  'managed-systems'(count) {
    for (let i = org.systems.length; i < count; i++) {
      const id = 100_000 + i;
      org.systems.push({
        id,
        name: `srv-${id}`,
        entity: 1,
        platformId: 2,
        assetId: id,
        functionalAccountId: null,
        accounts: [],
      });
    }
  },
  'managed-accounts'(count) {
    const accounts = Array.from({ length: count }, (_, i) => ({
      ...{
        id: 200_000 + i,
        name: `svc-${i}`,
        domain: 'corp.example',
        changed: '2026-01-01T00:00:00',
        isAutomatic: true,
      },
    }));
    org.systems.push({
      id: 24,
      name: 'large',
      entity: 3,
      platformId: 25,
      assetId: null,
      functionalAccountId: null,
      accounts,
    });
  },
});

/** Which requests belong to which stream; several lists belong to more than one. */
const streamPatterns: Readonly<Record<string, RegExp>> = {
  users: /\/v3\/Users/,
  'user-groups': /\/v3\/UserGroups$/,
  memberships: /\/v3\/UserGroups(\/\d+\/Users)?$/,
  'smart-groups': /\/v3\/SmartRules$/,
  'smart-group-members': /\/v3\/SmartRules(\/\d+\/ManagedAccounts.*)?$/,
  'smart-group-systems': /\/v3\/SmartRules(\/\d+\/(Assets|ManagedSystems).*)?$/,
  'smart-group-roles': /\/v3\/UserGroups(\/\d+\/SmartRules.*)?$/,
  roles: /\/v3\/Roles$/,
  'access-policies': /\/v3\/AccessPolicies/,
  'managed-systems': /\/v3\/ManagedSystems\?/,
  'managed-accounts': /\/v3\/ManagedSystems\/\d+\/ManagedAccounts/,
  'vaulted-credentials': /\/v3\/ManagedSystems\/\d+\/ManagedAccounts/,
  'functional-accounts': /\/v3\/FunctionalAccounts/,
  assets: /\/v3\/Workgroups/,
  'api-registrations': /\/v3\/ApiRegistrations/,
  sessions: /\/v3\/Sessions/,
  'user-audits': /\/v3\/UserAudits/,
};
