import { type Account, stream } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { accountAttributes, personAttributes, toAccount } from './accounts.ts';
import { readChanges, type Selection } from './changes.ts';
import type { DirectoryClient } from './client.ts';
import { leftOutWithoutSid, numberOf, sidOf, textOf, textsOf } from './entry.ts';
import { needsDirectory, probeDirectory } from './probe.ts';
import { userAccountControl } from './user-account-control.ts';

interface Kind {
  readonly title: string;
  readonly filter: string;
  readonly tombstones: string;
  readonly attributes: readonly string[];
  typeOf(entry: LdapEntry): Account['type'];
}

/** Which of a class of objects are read, and as what. Every stream of accounts has its own, so that none is read twice. */
const accounts = ({ title, filter, tombstones, attributes, typeOf }: Kind) =>
  stream<DirectoryClient, 'accounts'>({
    record: 'accounts',
    title,
    needs: needsDirectory,
    reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
    everyMs: 30 * 60_000,
    async *read(client, from) {
      const forest = await client.forest();
      const now = forest.root.currentTime ?? client.now();
      const selection: Selection = { base: forest.root.defaultNamingContext, filter, tombstones, attributes };
      yield* readChanges(client, selection, from, (live, dead) => {
        const records = live.flatMap(
          (entry) => toAccount(entry, { type: typeOf(entry), attributes, forest, now }) ?? [],
        );
        return { records, gone: dead.flatMap((entry) => sidOf(entry) ?? []), ...leftOutWithoutSid(live) };
      });
    },
    probe: (client) => probeDirectory(client, filter),
  });

/** A person’s account is told from a program’s by its names of services, which a person has none of; trusts have accounts, too. */
const userType = (entry: LdapEntry): Account['type'] =>
  textsOf(entry, 'servicePrincipalName').length > 0 ||
  /^krbtgt(_\d+)?$/.test(textOf(entry, 'sAMAccountName') ?? '') ||
  ((numberOf(entry, 'userAccountControl') ?? 0) & userAccountControl.INTERDOMAIN_TRUST_ACCOUNT) !== 0
    ? 'service'
    : 'user';

export const users = accounts({
  title: 'Users',
  // Computers and managed service accounts are users by class, too.
  filter: '(&(objectCategory=person)(objectClass=user))',
  tombstones: '(objectClass=user)(!(objectClass=computer))(!(objectClass=msDS-GroupManagedServiceAccount))',
  attributes: personAttributes,
  typeOf: userType,
});

export const computerAttributes: readonly string[] = [
  ...accountAttributes,
  ...['dNSHostName', 'operatingSystem', 'operatingSystemVersion', 'managedBy', 'msDS-HostServiceAccount', 'location'],
  ...[
    'ms-Mcs-AdmPwdExpirationTime',
    'msLAPS-PasswordExpirationTime',
    'msDS-NeverRevealGroup',
    'msDS-RevealOnDemandGroup',
  ],
  ...['msDS-KrbTgtLink', 'msDS-isRODC'],
];

export const computers = accounts({
  title: 'Computers',
  filter: '(objectCategory=computer)',
  tombstones:
    '(objectClass=computer)(!(objectClass=msDS-GroupManagedServiceAccount))(!(objectClass=msDS-ManagedServiceAccount))',
  attributes: computerAttributes,
  typeOf: () => 'computer',
});

export const managedServiceAccountAttributes: readonly string[] = [
  ...accountAttributes,
  ...['msDS-ManagedPasswordInterval', 'msDS-HostServiceAccountBL', 'msDS-DelegatedMSAState'],
  ...['msDS-ManagedAccountPrecededByLink', 'dNSHostName'],
];

export const managedServiceAccounts = accounts({
  title: 'Managed service accounts',
  filter:
    '(|(objectClass=msDS-GroupManagedServiceAccount)(objectClass=msDS-ManagedServiceAccount)(objectClass=msDS-DelegatedManagedServiceAccount))',
  tombstones:
    '(|(objectClass=msDS-GroupManagedServiceAccount)(objectClass=msDS-ManagedServiceAccount)(objectClass=msDS-DelegatedManagedServiceAccount))',
  attributes: managedServiceAccountAttributes,
  typeOf: (entry) => {
    const classes = textsOf(entry, 'objectClass').map((name) => name.toLowerCase());
    if (classes.includes('msds-delegatedmanagedserviceaccount')) return 'dmsa';
    return classes.includes('msds-groupmanagedserviceaccount') ? 'gmsa' : 'smsa';
  },
});
