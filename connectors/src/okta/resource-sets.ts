import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { Identified, linkOf, saidAt, textAt, timeAt } from './shapes.ts';
import { nested, walk, whereOffered } from './walk.ts';

export const resourceSetsPath = '/api/v1/iam/resource-sets';

export const listResourceSets = whereOffered((client, path) => client.listIn(path, 'resource-sets', Identified));

/**
 * What custom roles are limited to. `attributes`:
 *
 * | name | what |
 * |---|---|
 * | orns | the members as Okta names them (or their address where they have no name) |
 * | allUsers, allGroups, allApps, allPolicies, allIam | everything of that kind is in it |
 * | users, groups, apps | ids of single ones |
 * | membersOf | ids of groups whose members are in it |
 */
export const toResourceSet = (set: Identified, members: readonly Identified[]): Resource => {
  const orns = members.map((member) => saidAt(member, 'orn') ?? linkOf(member, 'self') ?? member.id);
  return {
    ...empty('resources'),
    id: set.id,
    raw: rawOf({ ...set, resources: members.map(({ _links, ...member }) => member) }),
    type: 'resource_set',
    name: textAt(set, 'label'),
    description: saidAt(set, 'description'),
    createdAt: timeAt(set, 'created'),
    attributes: { orns, ...coverOf(orns) },
  };
};

/** `orn:okta:directory:<org>:groups:<id>:contained_users`, `…:users`, or `https://…/api/v1/groups/<id>/users`. */
const coverOf = (orns: readonly string[]) => {
  const paths = orns.map((orn) =>
    orn.startsWith('orn:') ? orn.split(':').slice(4) : (URL.parse(orn)?.pathname.split('/').slice(3) ?? []),
  );
  const isAll = (kind: string) => paths.some(([first, ...rest]) => first === kind && rest.length === 0);
  const ids = (kind: string) => paths.filter(([first, , ...rest]) => first === kind && rest.length === 0);
  const idOf = (path: readonly string[]) => path.at(-1) ?? '';
  return {
    allUsers: isAll('users'),
    allGroups: isAll('groups'),
    allApps: isAll('apps'),
    allPolicies: isAll('policies'),
    allIam: orns.some((orn) => orn.includes(':iam:') && orn.endsWith(':contained_resources')),
    users: ids('users')
      .filter((path) => path.length === 2)
      .map(idOf),
    groups: ids('groups')
      .filter((path) => path.length === 2)
      .map(idOf),
    // An application is named with its kind in the catalogue: apps:<kind>:<id>; by address without.
    apps: paths.filter(([first, ...rest]) => first === 'apps' && rest.length > 0 && isAppId(rest.at(-1))).map(idOf),
    membersOf: paths
      .filter(([first, , third]) => first === 'groups' && (third === 'contained_users' || third === 'users'))
      .map(([, group]) => group ?? ''),
  };
};

const isAppId = (name: string | undefined) => name?.startsWith('0oa') === true;

const membersOf = (client: OktaClient, set: Identified) =>
  client.allIn(`${resourceSetsPath}/${encodeURIComponent(set.id)}/resources`, 'resources', Identified);

/** A set holds at most 1,000 resources, so it is one record. */
export const resourceSets = stream<OktaClient, 'resources'>({
  record: 'resources',
  title: 'Resource sets',
  needs: 'the scope okta.roles.read, and an admin role with “View roles, resources, and admin assignments”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.roles.read');
    const section = nested({
      first: resourceSetsPath,
      list: listResourceSets,
      async each(c, set) {
        const members = await membersOf(c, set);
        if (members === null) return { records: [], next: null };
        return { records: [toResourceSet(set, members.items)], leftOut: members.leftOut, next: null };
      },
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe(resourceSetsPath, 'okta.roles.read'),
});
