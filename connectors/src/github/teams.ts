import { empty, type Grant, type Group, type Membership, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, readable } from '@gatehouse/host';
import { z } from 'zod';
import { type Children, chained, joined, readChildren } from './chain.ts';
import { Absent, type Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId, readOrganization } from './organization.ts';
import { flagOf, privilegeOfRole } from './privilege.ts';
import { inTurn, listed } from './reading.ts';
import { Repository } from './repositories.ts';
import { id, moment, rawOf, read, text, toDate, User } from './shapes.ts';

const hourMs = 3_600_000;

export const Team = z.object({
  id,
  slug: text,
  name: text,
  description: text,
  privacy: text,
  notification_setting: text,
  permission: text,
  html_url: text,
  created_at: moment,
  parent: z.object({ id, slug: text }).nullish().catch(null),
});
export type Team = z.output<typeof Team>;

/**
 * Teams, and the organization itself as the group of all its members.
 *
 * | attribute | means |
 * |---|---|
 * | slug, url | |
 * | privacy | secret: seen by its members only; closed: seen by the organization |
 */
export const toTeam = (team: Team, item: unknown): Group => ({
  ...noGroup,
  id: String(team.id),
  type: 'team',
  name: team.name ?? team.slug ?? String(team.id),
  description: team.description ?? null,
  parentId: team.parent == null ? null : String(team.parent.id),
  createdAt: toDate(team.created_at),
  attributes: { slug: team.slug ?? null, privacy: team.privacy ?? null, url: team.html_url ?? null },
  raw: rawOf(item),
});

const noGroup = empty('groups');

export const teams = stream<Github, 'groups'>({
  record: 'groups',
  title: 'Teams',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    inTurn(
      ['everyone', 'teams'],
      (part, link) =>
        part === 'everyone'
          ? readEveryone(client)
          : listed(
              client,
              {
                path: teamsOf(client),
                need: needs.members,
                toRecords: (items) => readable(items, (item) => toTeam(read(Team, item, 'a team'), item)),
              },
              link,
            ),
      from,
    ),
  probe: async (client) => void (await client.page(`${client.org}/teams?per_page=1`, needs.members)),
});

async function* readEveryone(client: Github): AsyncIterable<Page<Group>> {
  const { organization, item } = await readOrganization(client);
  const everyone: Group = {
    ...noGroup,
    id: organizationId,
    type: 'organization',
    name: `All members of ${organization.login}`,
    description: organization.description ?? null,
    rule: 'Every member of the organization',
    createdAt: toDate(organization.created_at),
    attributes: { slug: organization.login, privacy: null, url: organization.html_url ?? null },
    raw: rawOf(item),
  };
  yield { records: [everyone], cursor: null };
}

const teamsOf = (client: Github) => `${client.org}/teams?per_page=100`;

/** People in teams with their role there, and teams within teams. */
export const teamMemberships = stream<Github, 'memberships'>({
  record: 'memberships',
  title: 'Team members',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: async function* (client, from) {
    const lower = await peopleBelow(client);
    yield* perTeam(client, (team, link) => readMembers(client, team, lower, link), from);
  },
});

/** What is read once for each team. */
const perTeam = <T>(
  client: Github,
  children: (team: Team, link: Cursor | null) => Promise<Children<T>>,
  from: Cursor | null,
): AsyncIterable<Page<T>> =>
  chained(
    client,
    {
      path: teamsOf(client),
      need: needs.members,
      parent: (item) => read(Team, item, 'a team'),
      idOf: (team) => String(team.id),
      async children(team, link) {
        try {
          return await children(team, link);
        } catch (error) {
          const renamed = error instanceof Absent && error.status === 404 ? await findAgain(client, team) : null;
          if (renamed === null) throw error;
          return children(renamed, null);
        }
      },
    },
    from,
  );

/** A team that got another name while the list was read, by its number; null where it has the same one, or is gone. */
const findAgain = async (client: Github, { id, slug }: Team): Promise<Team | null> => {
  for await (const { items } of client.pages(teamsOf(client), needs.members)) {
    const found = readable(items, (item) => read(Team, item, 'a team')).items.find((team) => team.id === id);
    if (found !== undefined) return found.slug === slug ? null : found;
  }
  return null;
};

/** The people of the teams below a team. GitHub lists them with the upper team, so somebody must tell them apart. */
type Below = (team: Team) => Promise<ReadonlySet<number>>;

/** Asked once for each team that has some below it, however many pages of members it has itself. */
const peopleBelow = async (client: Github): Promise<Below> => {
  const below = new Map<number, Team[]>();
  for await (const { items } of client.pages(teamsOf(client), needs.members)) {
    for (const team of readable(items, (item) => read(Team, item, 'a team')).items) {
      if (team.parent == null) continue;
      const siblings = below.get(team.parent.id) ?? [];
      siblings.push(team);
      below.set(team.parent.id, siblings);
    }
  }
  const known = new Map<number, Promise<ReadonlySet<number>>>();
  return (team) => {
    const teams = below.get(team.id);
    if (teams === undefined) return noOne;
    const people = known.get(team.id) ?? peopleOf(client, teams);
    known.set(team.id, people);
    return people;
  };
};

const noOne: Promise<ReadonlySet<number>> = Promise.resolve(new Set<number>());

const readMembers = async (
  client: Github,
  team: Team,
  below: Below,
  link: Cursor | null,
): Promise<Children<Membership>> => {
  const nested = await below(team);
  const read = async (role: 'maintainer' | 'member', path: string) =>
    readChildren(await client.page(path, needs.members), (item) => toMember(team, item, role, nested));
  const readOrdinary = async (path: string): Promise<Children<Membership>> => {
    const members = await read('member', path);
    return { ...members, next: members.next === null ? null : `member ${members.next}` };
  };
  if (link?.startsWith('member ')) return readOrdinary(link.slice('member '.length));

  // A team within a team gives its people what the upper team has: the lower team is a member of the upper one.
  const upwards = link === null && team.parent != null ? [toNesting(team, team.parent.id)] : [];
  const maintainers = joined(
    { records: upwards, next: null },
    await read('maintainer', link ?? membersOf(client, team, 'maintainer')),
  );
  if (maintainers.next !== null) return maintainers;
  return joined(maintainers, await readOrdinary(membersOf(client, team, 'member')));
};

const toMember = (team: Team, item: unknown, role: string, nested: ReadonlySet<number>): Membership => {
  const user = read(User, item, 'a team member');
  return toTeamMembership(team.id, user, role, nested.has(user.id) ? 'nested' : 'direct');
};

const membersOf = (client: Github, team: Team, role: 'all' | 'maintainer' | 'member') =>
  `${client.org}/teams/${encodeURIComponent(team.slug ?? team.id)}/members?role=${role}&per_page=100`;

const peopleOf = async (client: Github, teams: readonly Team[]): Promise<ReadonlySet<number>> => {
  const found = new Set<number>();
  for (const team of teams) {
    for await (const { items } of client.pages(membersOf(client, team, 'all'), needs.members)) {
      for (const { id } of readable(items, (item) => read(User, item, 'a team member')).items) found.add(id);
    }
  }
  return found;
};

const noMembership = empty('memberships');

export const toTeamMembership = (teamId: number, user: User, role: string, via: 'direct' | 'nested'): Membership => ({
  ...noMembership,
  id: `${teamId}/${user.id}`,
  groupId: String(teamId),
  memberKind: 'account',
  memberId: String(user.id),
  role,
  via,
  raw: { login: user.login ?? null, role },
});

const toNesting = (team: Team, parentId: number): Membership => ({
  ...noMembership,
  id: `${parentId}/team:${team.id}`,
  groupId: String(parentId),
  memberKind: 'group',
  memberId: String(team.id),
  role: 'member',
  via: 'nested',
  raw: { slug: team.slug ?? null, parent: parentId },
});

/** What each team may do on each repository. */
export const teamRepositories = stream<Github, 'grants'>({
  record: 'grants',
  title: 'Team repositories',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    perTeam(
      client,
      async (team, link) => {
        const path = `${client.org}/teams/${encodeURIComponent(team.slug ?? team.id)}/repos?per_page=100`;
        return readChildren(await client.page(link ?? path, needs.members), (item) =>
          toTeamGrant(team, read(Repository, item, 'a repository')),
        );
      },
      from,
    ),
});

const noGrant = empty('grants');

export const toTeamGrant = (team: Team, repository: Repository): Grant => {
  const { permissions } = repository;
  const role = repository.role_name ?? flagOf(permissions);
  return {
    ...noGrant,
    id: `${team.id}/${repository.id}`,
    principalKind: 'group',
    principalId: String(team.id),
    roleId: role === null ? null : `repository-role:${role}`,
    resourceId: String(repository.id),
    privilege: privilegeOfRole(role, permissions),
    via: 'direct',
    state: 'active',
    raw: {
      team: team.slug ?? null,
      repository: repository.full_name,
      role_name: role,
      permissions: rawOf(permissions),
    },
  };
};
