import { empty, type Policy } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { DirectoryClient, Forest } from './client.ts';
import { days } from './directory.ts';
import { flagOf, numberOf, referencesOf, textOf } from './entry.ts';
import { nothingAround, objects } from './objects.ts';
import { wordsOf } from './words.ts';

const attributes = [
  ...['name', 'msDS-PasswordSettingsPrecedence', 'msDS-MinimumPasswordLength', 'msDS-PasswordHistoryLength'],
  ...['msDS-PasswordComplexityEnabled', 'msDS-PasswordReversibleEncryptionEnabled', 'msDS-LockoutThreshold'],
  ...['msDS-LockoutDuration', 'msDS-MaximumPasswordAge', 'msDS-MinimumPasswordAge', 'msDS-PSOAppliesTo'],
];

/** A fine-grained password policy. Of several for one account that with the lowest precedence counts. */
const toPolicy = (entry: LdapEntry, id: string): Policy => ({
  ...empty('policies'),
  id,
  raw: wordsOf(entry, attributes),
  type: 'password',
  name: textOf(entry, 'name'),
  status: 'enabled',
  priority: numberOf(entry, 'msDS-PasswordSettingsPrecedence'),
  targets: referencesOf(entry, 'msDS-PSOAppliesTo').flatMap(({ sid }) => sid ?? []),
  settings: {
    minPasswordLength: numberOf(entry, 'msDS-MinimumPasswordLength'),
    passwordHistory: numberOf(entry, 'msDS-PasswordHistoryLength'),
    passwordComplexity: flagOf(entry, 'msDS-PasswordComplexityEnabled'),
    storesReversiblePasswords: flagOf(entry, 'msDS-PasswordReversibleEncryptionEnabled'),
    lockoutThreshold: numberOf(entry, 'msDS-LockoutThreshold'),
    maxPasswordAgeDays: days(textOf(entry, 'msDS-MaximumPasswordAge')),
    minPasswordAgeDays: days(textOf(entry, 'msDS-MinimumPasswordAge')),
  },
});

const needs = 'the right to read the Password Settings Container, which only administrators have by nature';

/**
 * Every domain has the container. Whoever may not read it finds no policy in it, as if there were none, and either not
 * the container itself or none of its attributes.
 */
const mayRead = async (client: DirectoryClient, { root }: Forest): Promise<void> => {
  const base = `CN=Password Settings Container,CN=System,${root.defaultNamingContext}`;
  const container = await client.find({ base, attributes: ['objectClass'] });
  if (container === null || textOf(container, 'objectClass') === null)
    throw new Fault('forbidden', `Password policies cannot be read. Give the account ${needs}.`, base);
};

export const passwordPolicies = objects({
  record: 'policies',
  title: 'Fine-grained password policies',
  everyMs: 30 * 60_000,
  needs,
  mayRead,
  base: ({ root }) => `CN=System,${root.defaultNamingContext}`,
  filter: '(objectClass=msDS-PasswordSettings)',
  tombstones: '(objectClass=msDS-PasswordSettings)',
  attributes,
  around: nothingAround,
  toRecord: toPolicy,
});
