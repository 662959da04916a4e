import { empty, type Resource } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import type { DirectoryClient, Forest } from './client.ts';
import {
  commonName,
  guidOf,
  numberOf,
  parentDn,
  referenceOf,
  referencesOf,
  sidOf,
  textOf,
  textsOf,
  timeOf,
} from './entry.ts';
import { objects } from './objects.ts';
import { readSchemaNames } from './schema.ts';
import { wordsOf } from './words.ts';

// By class, because a category goes by another name than its class: policies are containers by class only.
const isContainer =
  '(|(objectClass=domainDNS)(objectClass=organizationalUnit)(objectClass=builtinDomain)(&(objectClass=container)(!(objectClass=groupPolicyContainer))))';

const attributes = [
  ...['objectClass', 'objectSid', 'name', 'description', 'whenCreated', 'gPLink', 'gPOptions', 'managedBy'],
  ...[
    'ms-DS-MachineAccountQuota',
    'minPwdLength',
    'pwdHistoryLength',
    'pwdProperties',
    'lockoutThreshold',
    'maxPwdAge',
  ],
  ...['lockoutDuration', 'msDS-Behavior-Version', 'msDS-LogonTimeSyncInterval'],
];

/** A policy as gPLink of the thing it is linked to names it: `[LDAP://cn={…},cn=policies,…;2]`. */
export interface PolicyLink {
  readonly policy: string;
  readonly isEnforced: boolean;
  readonly isDisabled: boolean;
}

export const policyLinks = (text: string | null): readonly PolicyLink[] =>
  [...(text ?? '').matchAll(/\[LDAP:\/\/[^\]]*?cn=(\{[0-9a-f-]{36}\})[^\];]*;(\d+)\]/gi)].map(
    ([, policy = '', options]) => ({
      policy: policy.toUpperCase(),
      isEnforced: (Number(options) & 2) !== 0,
      isDisabled: (Number(options) & 1) !== 0,
    }),
  );

interface Around {
  readonly forest: Forest;
  /** GUIDs by distinguished name in lower case: what a thing stands in is told by its name alone. */
  readonly ids: ReadonlyMap<string, string>;
  readonly domain: { readonly [name: string]: string | number | boolean | null };
}

/**
 * The domain, its organisational units and containers.
 *
 * `attributes`: `dn`, `links` (policies by their GUID as gPLink writes it, first applied last), `blocksInheritance`,
 * `managedBy`; of the domain also `sid`, `machineAccountQuota`, `minPasswordLength`, `passwordHistory`, `passwordComplexity`,
 * `storesReversiblePasswords`, `lockoutThreshold`, `maxPasswordAgeDays`, `functionalLevel`, `dsHeuristics`,
 * `hasLegacyLaps`, `hasWindowsLaps`, `hasDelegatedAccounts` (whether the schema has them) and `tombstoneLifetimeDays`.
 */
const toResource = (entry: LdapEntry, id: string, { forest, ids, domain }: Around): Resource => {
  const { dn } = referenceOf(entry.dn);
  const classes = textsOf(entry, 'objectClass').map((name) => name.toLowerCase());
  const isDomain = dn.toLowerCase() === forest.root.defaultNamingContext.toLowerCase();
  const pwdProperties = numberOf(entry, 'pwdProperties') ?? 0;
  return {
    ...empty('resources'),
    id,
    raw: wordsOf(entry, attributes),
    type: isDomain ? 'domain' : classes.includes('organizationalunit') ? 'organizational_unit' : 'container',
    name: isDomain ? forest.dnsName : (textOf(entry, 'name') ?? commonName(dn)),
    description: textOf(entry, 'description'),
    parentId: isDomain ? null : (ids.get(parentDn(dn)?.toLowerCase() ?? '') ?? null),
    status: 'enabled',
    createdAt: timeOf(entry, 'whenCreated'),
    attributes: {
      dn,
      links: policyLinks(textOf(entry, 'gPLink')).map((link) => ({ ...link })),
      blocksInheritance: ((numberOf(entry, 'gPOptions') ?? 0) & 1) !== 0,
      managedBy: referencesOf(entry, 'managedBy')[0]?.sid ?? null,
      ...(isDomain && {
        sid: sidOf(entry),
        machineAccountQuota: numberOf(entry, 'ms-DS-MachineAccountQuota'),
        minPasswordLength: numberOf(entry, 'minPwdLength'),
        passwordHistory: numberOf(entry, 'pwdHistoryLength'),
        passwordComplexity: (pwdProperties & 1) !== 0,
        storesReversiblePasswords: (pwdProperties & 16) !== 0,
        lockoutThreshold: numberOf(entry, 'lockoutThreshold'),
        maxPasswordAgeDays: days(textOf(entry, 'maxPwdAge')),
        functionalLevel: numberOf(entry, 'msDS-Behavior-Version'),
        ...domain,
      }),
    },
  };
};

/** Ages are negative FILETIMEs; the largest means that nothing ever gets that old (null). */
export const days = (interval: string | null): number | null => {
  if (interval === null || !/^-?\d{1,20}$/.test(interval)) return null;
  const steps = Math.abs(Number(interval));
  return steps === 0 || steps >= 2 ** 63 ? null : Math.round(steps / 864_000_000) / 1_000;
};

const around = async (client: DirectoryClient, forest: Forest): Promise<Around> => ({
  forest,
  ids: await readContainerIds(client, forest),
  domain: await readDomain(client, forest),
});

const readContainerIds = async (client: DirectoryClient, { root }: Forest): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  const query = {
    base: root.defaultNamingContext,
    scope: 'sub' as const,
    filter: isContainer,
    attributes: ['objectGUID'],
  };
  for await (const entry of client.entries(query)) {
    const id = guidOf(entry);
    if (id !== null) ids.set(entry.dn.toLowerCase(), id);
  }
  return ids;
};

const readDomain = async (client: DirectoryClient, { root }: Forest): Promise<Around['domain']> => {
  const names = await readSchemaNames(client);
  const base = `CN=Directory Service,CN=Windows NT,CN=Services,${root.configurationNamingContext}`;
  const service = await client.find({ base, attributes: ['dSHeuristics', 'tombstoneLifetime'] });
  return {
    dsHeuristics: service && textOf(service, 'dSHeuristics'),
    tombstoneLifetimeDays: service && numberOf(service, 'tombstoneLifetime'),
    hasLegacyLaps: names.attributes.find('ms-Mcs-AdmPwd') !== null,
    hasWindowsLaps: names.attributes.find('msLAPS-PasswordExpirationTime') !== null,
    hasDelegatedAccounts: names.classes.find('msDS-DelegatedManagedServiceAccount') !== null,
  };
};

export const containers = objects({
  record: 'resources',
  title: 'Domain, organisational units and containers',
  everyMs: 30 * 60_000,
  base: ({ root }) => root.defaultNamingContext,
  filter: isContainer,
  tombstones: '(|(objectClass=organizationalUnit)(objectClass=container))',
  attributes,
  around,
  toRecord: toResource,
});
