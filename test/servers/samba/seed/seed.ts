import { accountEntries, accounts, dnOf } from './accounts.ts';
import { type AuthorityCertificates, certificateServiceEntries } from './certificate-services.ts';
import { computerEntries, computerLinks } from './computers.ts';
import { deletedEntries } from './deleted.ts';
import { groupEntries, membershipEntries } from './groups.ts';
import { keyCredential } from './key-credential.ts';
import { parseRecords, replaceValues } from './ldif.ts';
import { base, fileTime, guidBytes } from './names.ts';
import { daysBefore, makePeople, peopleEntries, unitEntries } from './people.ts';
import { permissions, withEntries } from './permissions.ts';
import { policyEntries } from './policies.ts';
import { schemaAttributes, schemaClasses } from './schema.ts';
import { trustEntries } from './trusts.ts';

export type Size = 'small' | 'large';
/** How many people each size has. */
export const peopleCount: Readonly<Record<Size, number>> = { small: 300, large: 20_000 };

/** The directory's files, while nothing serves them. */
export interface LocalDirectory {
  /** Applies changes in one transaction. */
  modify(ldif: string): Promise<void>;
  /** What `ldbsearch` prints, over all partitions and with what is deleted. */
  search(filter: string, attributes: readonly string[]): Promise<string>;
}

/** Puts the sample organisation into a fresh domain. Times count back from `now`. */
export const seed = async (
  directory: LocalDirectory,
  size: Size,
  now: Date,
  authorities: AuthorityCertificates,
): Promise<void> => {
  const people = makePeople(peopleCount[size], now);
  // A transaction sees the schema as it was when it began.
  await directory.modify(schemaAttributes());
  await directory.modify(schemaClasses());
  await directory.modify(unitEntries());
  // In steps: the time a transaction takes grows faster than what it holds, and every one begins by reading the schema.
  for (let from = 0; from < people.length; from += step)
    await directory.modify(peopleEntries(people.slice(from, from + step)));
  await directory.modify(accountEntries(now) + groupEntries() + computerEntries(now));
  await directory.modify(
    [
      membershipEntries(people),
      computerLinks(),
      certificateServiceEntries(authorities),
      policyEntries(),
      trustEntries(),
      deletedEntries(),
      keyCredentials(now),
      builtIn(now),
    ].join(''),
  );
  await grant(directory);
};

const step = 250;

const grant = async (directory: LocalDirectory): Promise<void> => {
  const filter = `(|${permissions.map(({ dn }) => `(distinguishedName=${dn})`).join('')})`;
  const found = parseRecords(await directory.search(filter, ['nTSecurityDescriptor']));
  const descriptors = new Map(
    found.map((record) => [
      String(record.get('dn')?.[0]).toLowerCase(),
      record.get('nTSecurityDescriptor')?.[0]?.toString(),
    ]),
  );
  const changes = permissions.map(({ dn, entries }) => {
    const sddl = descriptors.get(dn.toLowerCase());
    if (sddl === undefined) throw new Error(`The seed finds no descriptor of ${dn}.`);
    return replaceValues(dn, { nTSecurityDescriptor: withEntries(sddl, entries) });
  });
  await directory.modify(changes.join(''));
};

/** Two keys of devices that no object of the directory describes. */
const keyCredentials = (now: Date): string => {
  const owner = dnOf(accounts.shadowedAdmin);
  return replaceValues(owner, {
    'msDS-KeyCredentialLink': ['1d7f0c5a-3b42-4e61-8f09-a6d2c3b4e5f6', '2e8a1d6b-4c53-4f72-9a1a-b7e3d4c5f607'].map(
      (device, index) => keyCredential(owner, guidBytes(device), daysBefore(now, 40 - index)),
    ),
  });
};

/** krbtgt with a password of four years, and an Administrator that somebody uses. */
const builtIn = (now: Date): string =>
  [
    replaceValues(`CN=krbtgt,CN=Users,${base}`, { pwdLastSet: fileTime(daysBefore(now, 1_500)) }),
    replaceValues(`CN=Administrator,CN=Users,${base}`, { lastLogonTimestamp: fileTime(daysBefore(now, 2)) }),
  ].join('');
