import { type Account, empty, type Grant, type Membership, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, type Readable, readable } from '@gatehouse/host';
import { Absent, type Github } from './client.ts';
import { createProfiles, type ExternalIds, type Profile, type ReadProfiles, readExternalIds } from './identities.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId, readOrganization } from './organization.ts';
import { everywhere, repositoryPrivilege } from './privilege.ts';
import { inTurn, listed, refused } from './reading.ts';
import { rawOf, read, toDate, User } from './shapes.ts';

const hourMs = 3_600_000;
const roles = ['admin', 'member'] as const;

export const members = stream<Github, 'accounts'>({
  record: 'accounts',
  title: 'Members',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: readMembers,
  probe: async (client) => void (await client.page(`${client.org}/members?per_page=1`, needs.members)),
});

export const outsideCollaborators = stream<Github, 'accounts'>({
  record: 'accounts',
  title: 'Outside collaborators',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: async function* (client, from) {
    const path = `${client.org}/outside_collaborators`;
    const factors = await readSecondFactors(client, path);
    const profilesOf = createProfiles(client);
    const toRecords = (items: readonly unknown[]) =>
      withProfiles(profilesOf, items, { factors, external: null, type: 'guest' });
    yield* listed(client, { path: `${path}?per_page=100`, need: needs.members, toRecords }, from);
  },
});

/** All members, as the group "organization": what everyone of the organization may do is granted to it. */
export const organizationMemberships = stream<Github, 'memberships'>({
  record: 'memberships',
  title: 'Members of the organization',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: async function* (client, from) {
    const read = (role: (typeof roles)[number], link: Cursor | null) =>
      listed(
        client,
        { ...listOf(client, role), toRecords: (items) => readable(items, (item) => toMembership(item, role)) },
        link,
      );
    yield* inTurn(roles, read, from);
  },
});

/** The owners, and what every member may do: on the organization, and on each repository by the base permission. */
export const organizationGrants = stream<Github, 'grants'>({
  record: 'grants',
  title: 'Owners and base permissions',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    inTurn(
      ['base', 'owners'],
      (part, link) =>
        part === 'base'
          ? readBaseGrants(client)
          : listed(client, { ...listOf(client, 'admin'), toRecords: (items) => readable(items, toOwnerGrant) }, link),
      from,
    ),
});

const listOf = (client: Github, role: (typeof roles)[number]) => ({
  path: `${client.org}/members?role=${role}&per_page=100`,
  need: needs.members,
});

async function* readMembers(client: Github, from: Cursor | null): AsyncIterable<Page<Account>> {
  const factors = await readSecondFactors(client, `${client.org}/members`);
  const external = await readExternalIds(client);
  const profilesOf = createProfiles(client);
  const read = (role: (typeof roles)[number], link: Cursor | null) =>
    listed(
      client,
      {
        ...listOf(client, role),
        toRecords: (items) => withProfiles(profilesOf, items, { factors, external, type: 'user' }),
      },
      link,
    );
  yield* inTurn(roles, read, from);
}

/** Who has no second factor, and whose is a weak one; null where GitHub does not tell. */
export interface SecondFactors {
  readonly none: ReadonlySet<number> | null;
  readonly weak: ReadonlySet<number> | null;
}

/** GitHub tells owners only, and refuses everyone else with 422 or 403: then nothing is known about anybody. */
const readSecondFactors = async (client: Github, path: string): Promise<SecondFactors> => {
  const none = await idsOf(client, `${path}?filter=2fa_disabled&per_page=100`);
  const weak = await idsOf(client, `${path}?filter=2fa_insecure&per_page=100`);
  // Nobody can be on both lists. Somebody who is shows a server that does not know a filter and answers with everyone.
  const isFiltered = none === null || weak === null || ![...none].some((id) => weak.has(id));
  if (!isFiltered) return { none: null, weak: null };
  // An Enterprise Server need not know the second filter, and where nobody is without the lists tell nothing about it.
  const isDoubtful = isServer(client) && none?.size === 0 && weak !== null && weak.size > 0;
  return { none, weak: isDoubtful && (await areAll(client, path, weak)) ? null : weak };
};

const isServer = ({ installation }: Github) => installation.apiUrl.endsWith('/api/v3');

/** Whether nobody on the first page is missing from a list. */
const areAll = async (client: Github, path: string, ids: ReadonlySet<number>): Promise<boolean> => {
  const { items } = await client.page(`${path}?per_page=100`, needs.members);
  return readable(items, (item) => read(User, item, path)).items.every(({ id }) => ids.has(id));
};

const idsOf = async (client: Github, path: string): Promise<ReadonlySet<number> | null> => {
  const found = new Set<number>();
  try {
    for await (const { items } of client.pages(path, needs.members)) {
      for (const { id } of readable(items, (item) => read(User, item, path)).items) found.add(id);
    }
    return found;
  } catch (error) {
    if (error instanceof Absent && (error.status === 422 || error.status === 403)) return null;
    throw error instanceof Absent ? refused(error, needs.members) : error;
  }
};

const withProfiles = async (
  profilesOf: ReadProfiles,
  items: readonly unknown[],
  { factors, external, type }: { factors: SecondFactors; external: ExternalIds | null; type: 'user' | 'guest' },
): Promise<Readable<Account>> => {
  const users = readable(items, (item) => ({ user: read(User, item, 'a member'), item }));
  const nodeIds = users.items.flatMap(({ user }) => (user.node_id && user.type !== 'Bot' ? [user.node_id] : []));
  const profiles = await profilesOf(nodeIds);
  const toRecord = ({ user, item }: (typeof users.items)[number]) =>
    toAccount(user, item, { type, factors, profile: profiles?.get(user.id), externalIds: external?.get(user.id) });
  return { items: users.items.map(toRecord), leftOut: users.leftOut };
};

export interface AccountFacts {
  readonly type: 'user' | 'guest';
  readonly factors: SecondFactors;
  readonly profile?: Profile | undefined;
  readonly externalIds?: readonly string[] | undefined;
}

/** An account by its number, which survives a change of the login. */
export const toAccount = (user: User, item: unknown, facts: AccountFacts): Account => {
  const { profile } = facts;
  const verified = profile?.verifiedEmails ?? [];
  const shown = profile?.email ?? (user.email || null);
  const emails = shown === null || verified.includes(shown) ? verified : [...verified, shown];
  const isSuspended = user.suspended_at != null;
  return {
    ...noAccount,
    id: String(user.id),
    type: user.type === 'Bot' ? 'bot' : user.type === 'Mannequin' ? 'service' : facts.type,
    login: user.login ?? null,
    displayName: profile?.name ?? (user.name || null),
    // At a domain of the organization before any private one, because correlation trusts only those.
    email: emails[0]?.toLowerCase() ?? null,
    emails: emails.map((email) => email.toLowerCase()),
    status: isSuspended ? 'disabled' : 'enabled',
    statusReason: isSuspended ? 'suspended' : null,
    createdAt: toDate(profile?.createdAt ?? user.created_at),
    // Only people have one; a bot is on no list and would look as if it had a strong one.
    mfa: user.type === 'Bot' || user.type === 'Mannequin' ? null : secondFactorOf(user.id, facts.factors),
    externalIds: facts.externalIds ?? [],
    raw: rawOf(item),
  };
};

const noAccount = empty('accounts');

/** Not on the list of those without is a second factor; it is a strong one only when the list of weak ones was readable too. */
const secondFactorOf = (id: number, { none, weak }: SecondFactors): Account['mfa'] => {
  if (none?.has(id)) return 'none';
  if (weak?.has(id)) return 'weak';
  return none === null || weak === null ? null : 'strong';
};

/** `raw` is what the membership adds: the person's own words stand with the account, and are not repeated per group. */
const noMembership = empty('memberships');

const toMembership = (item: unknown, role: string): Membership => {
  const user = read(User, item, 'a member');
  return {
    ...noMembership,
    id: `${organizationId}/${user.id}`,
    groupId: organizationId,
    memberKind: 'account',
    memberId: String(user.id),
    role,
    via: 'direct',
    raw: { login: user.login ?? null, role },
  };
};

const noGrant = empty('grants');

const toOwnerGrant = (item: unknown): Grant => {
  const user = read(User, item, 'an owner');
  return {
    ...noGrant,
    id: `owner/${user.id}`,
    principalKind: 'account',
    principalId: String(user.id),
    roleId: 'organization-role:owner',
    privilege: 'highest',
    via: 'direct',
    state: 'active',
    raw: { login: user.login ?? null, role: 'admin' },
  };
};

async function* readBaseGrants(client: Github): AsyncIterable<Page<Grant>> {
  const { organization } = await readOrganization(client);
  const principal = {
    principalKind: 'group',
    principalId: organizationId,
    via: 'default',
    state: 'active',
  } as const;
  const member: Grant = {
    ...noGrant,
    ...principal,
    id: 'base/member',
    roleId: 'organization-role:member',
    privilege: 'low',
    raw: { role: 'member' },
  };
  const base = organization.default_repository_permission ?? null;
  const everyRepository: Grant = {
    ...noGrant,
    ...principal,
    id: 'base/repositories',
    roleId: `repository-role:${base}`,
    privilege: everywhere(repositoryPrivilege[base ?? ''] ?? null),
    raw: { default_repository_permission: base },
  };
  yield { records: base === null || base === 'none' ? [member] : [member, everyRepository], cursor: null };
}
