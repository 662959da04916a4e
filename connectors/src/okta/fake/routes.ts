import type { Dialect, FakeAnswer, FakeVendor, SeenRequest } from '@gatehouse/connector-kit/fake';
import { oktaError } from './authorization.ts';
import type { OktaApp, OktaOrganisation, OktaRoleAssignment } from './organisation.ts';
import {
  appOnWire,
  eventOnWire,
  groupOnWire,
  holderPath,
  idpOnWire,
  policyOnWire,
  policyRuleOnWire,
  roleOnWire,
  ruleOnWire,
  tokenOnWire,
  userOnWire,
  zoneOnWire,
} from './wire.ts';

type Routes = Dialect['routes'];

export const missing = (request: SeenRequest): FakeAnswer =>
  oktaError(404, 'E0000007', `Not found: Resource not found: ${request.path}`);

/** Everything the connector reads, over the organisation as it is at the moment of the request. */
export const routesOf = (organisation: OktaOrganisation, fake: FakeVendor): Routes => ({
  ...directory(organisation, fake),
  ...applications(organisation, fake),
  ...administration(organisation, fake),
  ...rest(organisation, fake),
});

const directory = (
  { users, groups, groupRules, roleAssignments, apps }: OktaOrganisation,
  fake: FakeVendor,
): Routes => {
  const userById = indexed(() => users);
  const groupById = indexed(() => groups);
  return {
    'GET /api/v1/users': (request) => {
      const found = selected(users, request.query.get('filter') ?? request.query.get('search'));
      if (found === null) return oktaError(400, 'E0000031', 'Invalid search criteria.');
      return lazily(fake, request, found, (user) => userOnWire(request.origin, user));
    },
    'GET /api/v1/users/:id/factors': (request) => {
      const user = userById(request.params.id);
      if (user === undefined) return missing(request);
      const factors = (user.factors ?? []).map(({ provider = 'OKTA', status = 'ACTIVE', ...factor }) => ({
        ...{ ...factor, provider, vendorName: provider, status, lastUpdated: factor.created },
        profile: factor.factorType === 'sms' || factor.factorType === 'call' ? { phoneNumber: '+1 555 0100' } : {},
      }));
      return { body: factors };
    },
    'GET /api/v1/groups': (request) => {
      if (request.query.get('expand') !== 'stats')
        return lazily(fake, request, groups, (group) => groupOnWire(request.origin, group));
      const admins = new Set(
        roleAssignments.filter(({ holder }) => holder.kind === 'group').map(({ holder }) => holder.id),
      );
      return lazily(fake, request, groups, (group) =>
        groupOnWire(request.origin, group, { hasAdminPrivilege: admins.has(group.id) }),
      );
    },
    'GET /api/v1/groups/rules': (request) =>
      fake.page(request, groupRules.map(ruleOnWire), { size: { name: 'limit', default: 50 } }),
    'GET /api/v1/groups/:id/users': (request) => {
      const group = groupById(request.params.id);
      if (group === undefined) return missing(request);
      return lazily(fake, request, group.memberIds, (memberId) => {
        const user = userById(memberId);
        return user === undefined ? { id: memberId } : userOnWire(request.origin, user);
      });
    },
    'GET /api/v1/iam/assignees/users': (request) => {
      const holders = new Set<string>();
      for (const { holder } of roleAssignments) {
        if (holder.kind === 'user') holders.add(holder.id);
        if (holder.kind === 'group') for (const member of groupById(holder.id)?.memberIds ?? []) holders.add(member);
      }
      const items = [...holders].map((id) => ({ id, orn: `orn:okta:directory:00oFAKE:users:${id}` }));
      return inside(fake, request, items, 'value');
    },
    'GET /api/v1/users/:id/roles': (request) => {
      const own = roleAssignments.filter(({ holder }) => holder.kind === 'user' && holder.id === request.params.id);
      const memberOf = new Set(
        groups.filter(({ memberIds }) => memberIds.includes(request.params.id ?? '')).map(({ id }) => id),
      );
      const inherited = roleAssignments.filter(({ holder }) => holder.kind === 'group' && memberOf.has(holder.id));
      return {
        body: [
          ...own.map((role) => roleOnWire(request.origin, role, role.type, 'USER')),
          ...inherited.map((role) => roleOnWire(request.origin, role, role.type, 'GROUP')),
        ],
      };
    },
    'GET /api/v1/groups/:id/roles': (request) => ({
      body: roleAssignments
        .filter(({ holder }) => holder.kind === 'group' && holder.id === request.params.id)
        .map((role) => roleOnWire(request.origin, role, role.type, 'GROUP')),
    }),
    'GET /oauth2/v1/clients/:id/roles': (request) => ({
      body: roleAssignments
        .filter(({ holder }) => holder.kind === 'client' && holder.id === request.params.id)
        .map((role) => roleOnWire(request.origin, role, role.type, 'CLIENT')),
    }),
    ...targets(
      '/api/v1/users/:id',
      roleAssignments,
      (id, origin) => {
        const group = groupById(id);
        return group === undefined ? { id } : groupOnWire(origin, group);
      },
      apps,
    ),
    ...targets(
      '/api/v1/groups/:id',
      roleAssignments,
      (id, origin) => {
        const group = groupById(id);
        return group === undefined ? { id } : groupOnWire(origin, group);
      },
      apps,
    ),
    ...targets('/oauth2/v1/clients/:id', roleAssignments, (id) => ({ id }), apps),
  };
};

const targets = (
  holder: string,
  assignments: readonly OktaRoleAssignment[],
  groupOf: (id: string, origin: string) => unknown,
  apps: readonly OktaApp[],
): Routes => ({
  [`GET ${holder}/roles/:role/targets/groups`]: (request) => {
    const role = assignments.find(({ id }) => id === request.params.role);
    return { body: (role?.targetGroupIds ?? []).map((id) => groupOf(id, request.origin)) };
  },
  [`GET ${holder}/roles/:role/targets/catalog/apps`]: (request) => {
    const role = assignments.find(({ id }) => id === request.params.role);
    const body = (role?.targetApps ?? []).map(({ name, id }) => ({
      ...{ name, status: 'ACTIVE', displayName: apps.find((app) => app.id === id)?.label ?? name },
      ...(id === undefined ? {} : { id }),
    }));
    return { body };
  },
});

const applications = ({ apps }: OktaOrganisation, fake: FakeVendor): Routes => {
  const appById = indexed(() => apps);
  const ofApp = (answer: (app: OktaApp, request: SeenRequest) => FakeAnswer) => (request: SeenRequest) => {
    const app = appById(request.params.id);
    return app === undefined ? missing(request) : answer(app, request);
  };
  return {
    'GET /api/v1/apps': (request) => lazily(fake, request, apps, (app) => appOnWire(request.origin, app)),
    'GET /api/v1/apps/:id/users': ofApp((app, request) =>
      lazily(fake, request, app.users ?? [], (user) => ({
        ...{ id: user.userId, externalId: user.externalId ?? null, created: user.created, lastUpdated: user.created },
        ...{ scope: user.scope ?? 'USER', status: 'ACTIVE', syncState: 'DISABLED', profile: {} },
        credentials: user.userName === undefined ? null : { userName: user.userName },
      })),
    ),
    'GET /api/v1/apps/:id/groups': ofApp((app, request) =>
      fake.page(
        request,
        (app.groups ?? []).map(({ groupId, lastUpdated }, priority) => ({
          id: groupId,
          lastUpdated,
          priority,
          profile: {},
        })),
      ),
    ),
    'GET /api/v1/apps/:id/grants': ofApp((app, request) =>
      fake.page(
        request,
        (app.oauth?.grants ?? []).map((grant) => ({
          ...{ ...grant, status: 'ACTIVE', lastUpdated: grant.created, issuer: request.origin },
          ...{ clientId: app.oauth?.clientId ?? app.id, source: 'ADMIN', createdBy: { id: '00uFAKE', type: 'User' } },
        })),
      ),
    ),
    'GET /api/v1/apps/:id/credentials/secrets': ofApp((app) => ({
      body: (app.oauth?.secrets ?? []).map(({ id, created, value }) => ({
        ...{ id, created, lastUpdated: created, status: 'ACTIVE', client_secret: value, secret_hash: 'FAKEHASH' },
      })),
    })),
    'GET /api/v1/apps/:id/credentials/jwks': ofApp((app) => ({
      body: (app.oauth?.keys ?? []).map((key) => ({
        ...{
          ...key,
          lastUpdated: key.created,
          status: 'ACTIVE',
          kty: 'RSA',
          alg: 'RS256',
          use: 'sig',
          e: 'AQAB',
          n: 'FAKE',
        },
      })),
    })),
    'GET /api/v1/apps/:id/credentials/keys': ofApp((app) => ({
      body: (app.certificates ?? []).map((certificate) => ({
        ...{
          ...certificate,
          lastUpdated: certificate.created,
          kty: 'RSA',
          use: 'sig',
          e: 'AQAB',
          n: 'FAKE',
          x5c: ['FAKE'],
        },
      })),
    })),
  };
};

const administration = ({ customRoles, resourceSets }: OktaOrganisation, fake: FakeVendor): Routes => ({
  'GET /api/v1/iam/roles': (request) =>
    inside(
      fake,
      request,
      customRoles.map(({ permissions, ...role }) => ({ ...role, isCloneable: false, lastUpdated: role.created })),
      'roles',
    ),
  'GET /api/v1/iam/roles/:id/permissions': (request) => {
    const role = customRoles.find(({ id }) => id === request.params.id);
    if (role === undefined) return missing(request);
    const permissions = role.permissions.map((label) => ({
      ...{ label, created: role.created, lastUpdated: role.created, conditions: null },
    }));
    return { body: { permissions } };
  },
  'GET /api/v1/iam/resource-sets': (request) =>
    inside(
      fake,
      request,
      resourceSets.map(({ resources, bindings, ...set }) => ({ ...set, lastUpdated: set.created })),
      'resource-sets',
    ),
  'GET /api/v1/iam/resource-sets/:id/resources': (request) => {
    const set = resourceSets.find(({ id }) => id === request.params.id);
    return set === undefined ? missing(request) : inside(fake, request, set.resources, 'resources');
  },
  'GET /api/v1/iam/resource-sets/:id/bindings': (request) => {
    const set = resourceSets.find(({ id }) => id === request.params.id);
    if (set === undefined) return missing(request);
    return inside(
      fake,
      request,
      set.bindings.map(({ roleId }) => ({ id: roleId })),
      'roles',
    );
  },
  'GET /api/v1/iam/resource-sets/:id/bindings/:role/members': (request) => {
    const set = resourceSets.find(({ id }) => id === request.params.id);
    const binding = set?.bindings.find(({ roleId }) => roleId === request.params.role);
    if (binding === undefined) return missing(request);
    const members = binding.members.map(({ id, kind, memberId, created }) => ({
      ...{ id, created, lastUpdated: created },
      _links: { self: { href: `${request.origin}${holderPath({ kind, id: memberId })}` } },
    }));
    return inside(fake, request, members, 'members');
  },
});

const rest = (organisation: OktaOrganisation, fake: FakeVendor): Routes => ({
  'GET /api/v1/api-tokens': () => ({ body: organisation.apiTokens.map(tokenOnWire) }),
  'GET /api/v1/authenticators': () => ({
    body: organisation.authenticators.map(({ methods, status = 'ACTIVE', ...authenticator }) => ({
      ...{ ...authenticator, status, lastUpdated: authenticator.created },
    })),
  }),
  'GET /api/v1/authenticators/:id/methods': (request) => {
    const found = organisation.authenticators.find(({ id }) => id === request.params.id);
    return found === undefined ? missing(request) : { body: found.methods.map((type) => ({ type, status: 'ACTIVE' })) };
  },
  'GET /api/v1/idps': (request) => fake.page(request, organisation.idps.map(idpOnWire)),
  'GET /api/v1/zones': (request) => fake.page(request, organisation.zones.map(zoneOnWire)),
  'GET /api/v1/policies': (request) => {
    const type = request.query.get('type');
    const found = organisation.policies.filter((policy) => policy.type === type);
    return fake.page(request, found.map(policyOnWire));
  },
  'GET /api/v1/policies/:id/rules': (request) => {
    const policy = organisation.policies.find(({ id }) => id === request.params.id);
    if (policy === undefined) return missing(request);
    return { body: policy.rules.map((rule) => policyRuleOnWire(policy.type, rule)) };
  },
  'GET /api/v1/policies/:id/mappings': (request) => {
    const policy = organisation.policies.find(({ id }) => id === request.params.id);
    if (policy === undefined) return missing(request);
    const body = (policy.appIds ?? []).map((appId) => ({
      id: `map-${policy.id}-${appId}`,
      _links: { application: { href: `${request.origin}/api/v1/apps/${appId}` } },
    }));
    return { body };
  },
  'GET /api/v1/logs': (request) => {
    const since = request.query.get('since') ?? '';
    const found = organisation.events.filter(({ published }) => published >= since);
    return fake.page(request, found.map(eventOnWire), { size: { name: 'limit', default: 100 }, endless: true });
  },
});

/** Only the items of the page are written as Okta writes them: a list may have a million. */
const lazily = <T>(
  fake: FakeVendor,
  request: SeenRequest,
  items: readonly T[],
  write: (item: T) => unknown,
): FakeAnswer => {
  const answer = fake.page(request, items);
  return { ...answer, body: (answer.body as readonly T[]).map(write) }; // the page is a cut of `items`
};

/** Lists of /iam are inside an object, and so is their next link. */
const inside = (fake: FakeVendor, request: SeenRequest, items: readonly unknown[], name: string): FakeAnswer => {
  const { body, headers } = fake.page(request, items, { size: { name: 'limit', default: 100 } });
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers?.link ?? '')?.[1];
  const _links = {
    self: { href: `${request.origin}${request.path}` },
    ...(next === undefined ? {} : { next: { href: next } }),
  };
  return { body: { [name]: body, _links } };
};

/** What `status eq "X"` and `lastUpdated gt "T"` select; without a question everybody but the deactivated. Null: not understood. */
const selected = <U extends { status: string; lastUpdated: string }>(
  users: readonly U[],
  question: string | null,
): readonly U[] | null => {
  if (question === null) return users.filter(({ status }) => status !== 'DEPROVISIONED');
  const status = /^status eq "(\w+)"$/.exec(question)?.[1];
  if (status !== undefined) return users.filter((user) => user.status === status);
  const since = /^lastUpdated gt "([^"]+)"$/.exec(question)?.[1];
  return since === undefined ? null : users.filter(({ lastUpdated }) => lastUpdated > since);
};

/** Finds by id in a list that only grows. */
const indexed = <T extends { readonly id: string }>(list: () => readonly T[]) => {
  const byId = new Map<string, T>();
  let known = 0;
  return (id: string | undefined): T | undefined => {
    const items = list();
    for (; known < items.length; known++) {
      const item = items[known];
      if (item !== undefined) byId.set(item.id, item);
    }
    return byId.get(id ?? '');
  };
};
