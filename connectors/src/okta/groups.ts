import { empty, type Group, type Membership, type Policy, stream } from '@gatehouse/connector-kit';
import { toFault } from '@gatehouse/kernel';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { flagAt, Identified, lastSegment, linkOf, saidAt, switchOf, textAt, textsAt, timeAt } from './shapes.ts';
import { flat, nested, walk, whereOffered } from './walk.ts';

const groupsPath = '/api/v1/groups?limit=200';
/** Shorter, because a page is what is repeated after an interruption. */
const parentGroupsPath = '/api/v1/groups?limit=50';
const rulesPath = '/api/v1/groups/rules?limit=50';

const needsGroups = 'the scope okta.groups.read, and the admin role “Read-only Administrator”';

/** What fills a group: nobody but people, a rule of the organisation, another system, or Okta itself. */
interface Rules {
  /** Expressions of active rules by the group they assign to. */
  readonly byGroup: ReadonlyMap<string, readonly string[]>;
  /** False where the app may not read rules, or the organisation has no such feature. */
  readonly known: boolean;
}

/** Groups can be read without their rules. Okta allows 2,000 rules, so they fit into memory. */
const readRules = async (client: OktaClient): Promise<Rules> => {
  try {
    return { byGroup: await expressionsByGroup(client), known: true };
  } catch (error) {
    if (toFault(error).kind !== 'forbidden') throw error;
    return { byGroup: new Map(), known: false };
  }
};

const expressionsByGroup = async (client: OktaClient) => {
  const byGroup = new Map<string, string[]>();
  for await (const { records } of walk(client, { sections: [rulesSection((rule) => rule)] }, null)) {
    for (const rule of records) {
      if (textAt(rule, 'status') !== 'ACTIVE') continue;
      const expression = textAt(rule, 'conditions', 'expression', 'value') ?? '';
      for (const group of assignedGroups(rule)) byGroup.set(group, [...(byGroup.get(group) ?? []), expression]);
    }
  }
  return byGroup;
};

const assignedGroups = (rule: Identified) => textsAt(rule, 'actions', 'assignUserToGroups', 'groupIds');

const rulesSection = <R>(map: (rule: Identified) => R | null) =>
  flat({ first: rulesPath, list: whereOffered((client, path) => client.list(path, Identified)), map });

/**
 * `attributes`: `sourceAppId` (the application whose group this is), `lastMembershipUpdated`, `samAccountName`,
 * `windowsDomainQualifiedName`, `dn` and `externalId` where the group comes from a directory.
 */
export const toGroup = (group: Identified, rules: Rules): Group => {
  const { profile } = group;
  return {
    id: group.id,
    raw: rawOf(group),
    type: groupTypes[textAt(group, 'type') ?? ''] ?? 'group',
    name: textAt(profile, 'name'),
    description: saidAt(profile, 'description'),
    rule: rules.byGroup.get(group.id)?.join('\n') ?? null,
    parentId: null,
    createdAt: timeAt(group, 'created'),
    attributes: {
      sourceAppId: textAt(group, 'source', 'id') ?? lastSegment(linkOf(group, 'source')),
      lastMembershipUpdated: textAt(group, 'lastMembershipUpdated'),
      samAccountName: textAt(profile, 'samAccountName'),
      windowsDomainQualifiedName: textAt(profile, 'windowsDomainQualifiedName'),
      dn: textAt(profile, 'dn'),
      externalId: textAt(profile, 'externalId'),
    },
  };
};

const groupTypes: Readonly<Record<string, Group['type']>> = {
  OKTA_GROUP: 'group',
  APP_GROUP: 'app_group',
  BUILT_IN: 'builtin',
};

export const groups = stream<OktaClient, 'groups'>({
  record: 'groups',
  title: 'Groups',
  needs: needsGroups,
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.groups.read');
    const rules = await readRules(client);
    const section = flat({
      first: groupsPath,
      list: (c, path) => c.list(path, Identified),
      map: (group) => toGroup(group, rules),
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/groups?limit=1', 'okta.groups.read'),
});

/** Okta does not say how a member came into a group with a rule: by the rule or by hand. That is unknown, not `direct`. */
const viaOf = (group: Identified, rules: Rules): Membership['via'] => {
  const type = textAt(group, 'type');
  if (type === 'APP_GROUP') return 'sync';
  if (type === 'BUILT_IN') return 'rule';
  return rules.known && !rules.byGroup.has(group.id) ? 'direct' : null;
};

export const toMembership = (group: Identified, via: Membership['via'], member: Identified): Membership => ({
  id: `${group.id}/${member.id}`,
  raw: { group: group.id, user: member.id },
  groupId: group.id,
  memberKind: 'account',
  memberId: member.id,
  role: 'member',
  via,
});

/** The members of every group. Group by group, because Okta has no list of all memberships. */
export const memberships = stream<OktaClient, 'memberships'>({
  record: 'memberships',
  title: 'Group memberships',
  needs: needsGroups,
  reading: { mode: 'full' },
  everyMs: 4 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.groups.read');
    const rules = await readRules(client);
    const section = nested({
      first: parentGroupsPath,
      list: (c, path) => c.list(path, Identified),
      async each(c, group, at) {
        const first = `/api/v1/groups/${encodeURIComponent(group.id)}/users?limit=200`;
        const { items, ...rest } = await c.listOf(first, at, Identified);
        const via = viaOf(group, rules);
        return { records: items.map((member) => toMembership(group, via, member)), ...rest };
      },
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/groups?limit=1', 'okta.groups.read'),
});

/**
 * A group rule as a policy: who edits the attributes it looks at decides who is in its groups.
 *
 * `settings`: `expression`, `expressionType`, `groupIds` (filled by it), `excludedUserIds`, `excludedGroupIds`,
 * `allGroupsValid`. `targets`: the groups it fills.
 */
export const toRulePolicy = (rule: Identified): Policy => ({
  ...empty('policies'),
  id: rule.id,
  raw: rawOf(rule),
  type: 'other',
  name: textAt(rule, 'name'),
  status: switchOf(rule),
  targets: assignedGroups(rule),
  settings: {
    kind: 'group_rule',
    expression: textAt(rule, 'conditions', 'expression', 'value'),
    expressionType: textAt(rule, 'conditions', 'expression', 'type'),
    groupIds: assignedGroups(rule),
    excludedUserIds: textsAt(rule, 'conditions', 'people', 'users', 'exclude'),
    excludedGroupIds: textsAt(rule, 'conditions', 'people', 'groups', 'exclude'),
    allGroupsValid: flagAt(rule, 'allGroupsValid'),
    createdAt: textAt(rule, 'created'),
  },
});

export const groupRules = stream<OktaClient, 'policies'>({
  record: 'policies',
  title: 'Group rules',
  needs: needsGroups,
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.groups.read');
    yield* walk(client, { sections: [rulesSection(toRulePolicy)] }, from);
  },
  probe: (client) => client.probe('/api/v1/groups/rules?limit=1', 'okta.groups.read'),
});
