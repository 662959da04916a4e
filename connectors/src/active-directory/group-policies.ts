import { empty, type Resource } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { numberOf, referenceOf, textOf, timeOf } from './entry.ts';
import { nothingAround, objects } from './objects.ts';
import { wordsOf } from './words.ts';

const attributes = [
  ...['name', 'displayName', 'gPCFileSysPath', 'gPCMachineExtensionNames', 'gPCUserExtensionNames', 'gPCWQLFilter'],
  ...['versionNumber', 'flags', 'whenCreated', 'whenChanged'],
];

/**
 * A group policy object. `attributes`: `policy` (its GUID as links write it), `dn`, `path` (its folder in SYSVOL),
 * `version`, `isUserPartOff`, `isComputerPartOff`, `filter` (WMI). Where it is linked stands with what it is linked to.
 */
const toResource = (entry: LdapEntry, id: string): Resource => {
  const flags = numberOf(entry, 'flags') ?? 0;
  return {
    ...empty('resources'),
    id,
    raw: wordsOf(entry, attributes),
    type: 'group_policy',
    name: textOf(entry, 'displayName') ?? textOf(entry, 'name'),
    status: (flags & 3) === 3 ? 'disabled' : 'enabled',
    createdAt: timeOf(entry, 'whenCreated'),
    lastActivityAt: timeOf(entry, 'whenChanged'),
    attributes: {
      policy: textOf(entry, 'name')?.toUpperCase() ?? null,
      dn: referenceOf(entry.dn).dn,
      path: textOf(entry, 'gPCFileSysPath'),
      version: numberOf(entry, 'versionNumber'),
      isUserPartOff: (flags & 1) !== 0,
      isComputerPartOff: (flags & 2) !== 0,
      filter: textOf(entry, 'gPCWQLFilter'),
    },
  };
};

export const groupPolicies = objects({
  record: 'resources',
  title: 'Group policies',
  everyMs: 30 * 60_000,
  base: ({ root }) => `CN=Policies,CN=System,${root.defaultNamingContext}`,
  filter: '(objectClass=groupPolicyContainer)',
  tombstones: '(objectClass=groupPolicyContainer)',
  attributes,
  around: nothingAround,
  toRecord: toResource,
});
