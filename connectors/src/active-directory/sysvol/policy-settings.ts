import { type Caveat, empty, type Policy, stream } from '@gatehouse/connector-kit';
import type { Files } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import type { DirectoryClient } from '../client.ts';
import { guidOf, numberOf, textOf } from '../entry.ts';
import { findPath, readPolicy } from './read-policy.ts';

const needs =
  'the setting “SYSVOL” (the folder in which the domain keeps its policies, such as \\\\corp.example\\SYSVOL\\corp.example, or where it is mounted), and read access to it for the account of the collector';

/** One group policy of the directory. */
interface Listed {
  readonly id: string;
  readonly policy: string;
  readonly name: string | null;
  readonly isEnabled: boolean;
}

/**
 * What a group policy sets, from its files in SYSVOL. The id is that of the policy among the group policies. `settings`:
 * `policy` (its GUID as links write it), `isRead`, `unread` (files), `systemAccess`, `privileges` (by name: SIDs or
 * account names), `groups` (restricted groups), `values` (of the registry, as far as rules read them) and `logons`
 * (accounts whose password stands in a preference, with the file).
 */
const toPolicy = async (files: Files, root: string, listed: Listed): Promise<Policy> => {
  const found = await readPolicy(files, `${root}/${listed.policy}`).catch((error: unknown) => {
    if (toFault(error).kind === 'unreachable') throw error;
    return null;
  });
  return {
    ...empty('policies'),
    id: listed.id,
    raw: {},
    type: 'group_policy',
    name: listed.name,
    status: listed.isEnabled ? 'enabled' : 'disabled',
    settings: {
      policy: listed.policy,
      isRead: found !== null,
      ...(found && {
        unread: [...found.unread],
        systemAccess: { ...found.systemAccess },
        privileges: Object.fromEntries(Object.entries(found.privileges).map(([name, who]) => [name, [...who]])),
        groups: found.groups.map(({ group, members, memberOf }) => ({
          ...{ group, members: members && [...members], memberOf: memberOf && [...memberOf] },
        })),
        values: { ...found.values },
        logons: found.logons.map((logon) => ({ ...logon })),
      }),
    },
  };
};

export const policySettings = stream<DirectoryClient, 'policies'>({
  record: 'policies',
  title: 'Policy settings',
  needs,
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    const { files, root } = await openSysvol(client);
    const { policies, unread } = await listPolicies(client);
    const all = policies.filter(({ id }) => from === null || id > from);
    for (let at = 0; at === 0 || at < all.length; at += pageSize) {
      const some = all.slice(at, at + pageSize);
      const records: Policy[] = [];
      for (const listed of some) records.push(await toPolicy(files, root, listed));
      const caveats = records.flatMap(unreadOf);
      const last = all[at + pageSize] && some.at(-1);
      const leftOut = at === 0 ? unread : [];
      yield { records, leftOut, cursor: last?.id ?? null, ...(caveats.length > 0 && { caveats }) };
    }
  },
  async probe(client) {
    await openSysvol(client);
  },
});

const pageSize = 50;

const unreadOf = ({ name, settings }: Policy): readonly Caveat[] => {
  const { isRead, unread, policy }: { isRead?: unknown; unread?: unknown; policy?: unknown } = Object(settings);
  const which = `the policy ${name === policy ? policy : `${name} ${policy}`}`;
  const say = (advice: string) => [{ code: 'policy-unread', advice }];
  if (isRead !== true) return say(`SYSVOL has no folder of ${which} that can be read.`);
  return Array.isArray(unread) && unread.length > 0 ? say(`Of ${which} could not be read: ${unread.join(', ')}.`) : [];
};

/** The folder with the policies: in the one that is set, or below the domain’s own in it. */
const openSysvol = async (client: DirectoryClient): Promise<{ readonly files: Files; readonly root: string }> => {
  const { files } = client;
  if (files === null) throw new Fault('forbidden', `Policy settings cannot be read. Enter ${needs}.`);
  const { dnsName } = await client.forest();
  const root = (await findPath(files, '', ['policies'])) ?? (await findPath(files, '', [dnsName, 'policies']));
  if (root === null)
    throw new Fault('forbidden', 'The folder of the setting “SYSVOL” has no folder “Policies” in it.', dnsName);
  return { files, root };
};

/** By their ids, in which order they are read, and a line about each that cannot be told. */
const listPolicies = async (
  client: DirectoryClient,
): Promise<{ readonly policies: readonly Listed[]; readonly unread: readonly string[] }> => {
  const { root } = await client.forest();
  const policies: Listed[] = [];
  const unread: string[] = [];
  const query = {
    ...{ base: `CN=Policies,CN=System,${root.defaultNamingContext}`, scope: 'one' as const },
    filter: '(objectClass=groupPolicyContainer)',
  };
  for await (const entry of client.entries({ ...query, attributes: ['objectGUID', 'name', 'displayName', 'flags'] })) {
    const id = guidOf(entry);
    const policy = textOf(entry, 'name');
    // The name becomes that of a folder.
    if (id === null || policy === null || !/^\{[0-9a-f-]{36}\}$/i.test(policy)) {
      unread.push(`${entry.dn} has no GUID, or no name that is one`);
      continue;
    }
    const isEnabled = ((numberOf(entry, 'flags') ?? 0) & 3) !== 3;
    policies.push({ id, policy: policy.toUpperCase(), name: textOf(entry, 'displayName') ?? policy, isEnabled });
  }
  return { policies: policies.toSorted((a, b) => (a.id < b.id ? -1 : 1)), unread };
};
