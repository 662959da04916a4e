import { type Account, type Credential, empty, stream } from '@gatehouse/connector-kit';
import type { Cursor, Page } from '@gatehouse/host';
import type { PasswordSafeClient } from './client.ts';
import { directoryIds, domainOf } from './directory.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { nested } from './lists.ts';
import { type ManagedSystem, readManagedSystems, systemsPath } from './managed-systems.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, numberAt, textAt, timeAt } from './shapes.ts';

const nameOf = (item: unknown) => textAt(item, 'AccountName', 'SAMAccountName', 'UserPrincipalName');

/** `CORP\svc-sql`, `srv-1\root`: the name with whose it is. */
const loginOf = (item: unknown, system: ManagedSystem | null): string | null => {
  const name = nameOf(item);
  const owner = domainOf(item) ?? textAt(item, 'SystemName') ?? system?.name ?? null;
  return name === null || owner === null || /[\\@]/.test(name) ? name : `${owner}\\${name}`;
};

/**
 * A managed account as what it is: an account of another system, which Password Safe can sign in as. It is an account,
 * so that it correlates with the one that the directory itself tells of (`externalIds`); what Password Safe keeps of it
 * is a credential beside it, see `toCredential`. Nobody says whether it is a person’s, nor whether it is enabled there.
 */
export const toManagedAccount = (item: unknown, system: ManagedSystem | null): Account => ({
  ...empty('accounts'),
  id: idOf('managed-account', numberOf('managed-account', item)),
  raw: rawOf(Object(item)),
  login: loginOf(item, system),
  displayName: nameOf(item),
  passwordChangedAt: timeAt(item, 'LastChangeDate'),
  externalIds: directoryIds(item),
});

/**
 * What Password Safe keeps of a managed account: that there is a password or a key, and how it is renewed. Neither is
 * ever asked for. `createdAt`: when it was last changed, for that is how old the secret is. `attributes`:
 * `isManagedAutomatically`, `isKeyManagedAutomatically`, `lastChangedAt`, `nextChangeAt`, `changeState`,
 * `changeFrequencyType` (first, last, xdays), `changeFrequencyDays`, `changesAfterRelease`, `checksPassword`,
 * `resetsOnMismatch`, `isApiEnabled`, `releaseMinutes`, `maximumReleaseMinutes`, `isaReleaseMinutes`,
 * `maximumConcurrentRequests` (0: any number), `parentAccountId` (whose password it follows), `isOfDirectory`.
 */
export const toCredential = (item: unknown, system: ManagedSystem | null): Credential => {
  const number = numberOf('managed-account', item);
  const changedAt = timeAt(item, 'LastChangeDate');
  return {
    ...empty('credentials'),
    id: `vault-item:${number}`,
    raw: rawOf(Object(item)),
    type: 'vault_item',
    name: loginOf(item, system),
    ...{ ownerKind: 'account', ownerId: idOf('managed-account', number) },
    createdAt: changedAt,
    resourceId: referenceTo('managed-system', item) ?? system?.id ?? null,
    attributes: {
      isManagedAutomatically: flagAt(item, 'AutoManagementFlag'),
      isKeyManagedAutomatically: flagAt(item, 'DSSAutoManagementFlag'),
      lastChangedAt: changedAt?.toISOString() ?? null,
      nextChangeAt: timeAt(item, 'NextChangeDate')?.toISOString() ?? null,
      changeState: numberAt(item, 'ChangeState'),
      changeFrequencyType: textAt(item, 'ChangeFrequencyType'),
      changeFrequencyDays: numberAt(item, 'ChangeFrequencyDays'),
      changesAfterRelease: flagAt(item, 'ChangePasswordAfterAnyReleaseFlag'),
      checksPassword: flagAt(item, 'CheckPasswordFlag'),
      resetsOnMismatch: flagAt(item, 'ResetPasswordOnMismatchFlag'),
      isApiEnabled: flagAt(item, 'ApiEnabled'),
      releaseMinutes: numberAt(item, 'ReleaseDuration', 'DefaultReleaseDuration'),
      maximumReleaseMinutes: numberAt(item, 'MaxReleaseDuration', 'MaximumReleaseDuration'),
      isaReleaseMinutes: numberAt(item, 'ISAReleaseDuration'),
      maximumConcurrentRequests: numberAt(item, 'MaxConcurrentRequests'),
      parentAccountId: referenceTo('managed-account', item, 'ParentAccountID'),
      isOfDirectory: domainOf(item) !== null,
    },
  };
};

/** System by system, because the list of all accounts shows only those that the asking user may request. */
async function* ofEverySystem<R>(
  client: PasswordSafeClient,
  read: (item: unknown, system: ManagedSystem) => R,
  from: Cursor | null,
): AsyncIterable<Page<R>> {
  yield* nested({
    parents: await readManagedSystems(client),
    each: (system, at) =>
      client.stretch(`${systemsPath}/${system.number}/ManagedAccounts`, at, (item) => read(item, system)),
    from,
  });
}

const common = {
  needs: needOf('systems', 'accounts'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  // Whether accounts can be read shows only where there is a system; the first one is asked.
  async probe(client: PasswordSafeClient) {
    const [first] = await readManagedSystems(client);
    if (first !== undefined) await client.probe(`${systemsPath}/${first.number}/ManagedAccounts?limit=1&offset=0`);
  },
} as const;

export const managedAccounts = stream<PasswordSafeClient, 'accounts'>({
  ...common,
  record: 'accounts',
  title: 'Managed accounts',
  read: (client, from) => ofEverySystem(client, toManagedAccount, from),
});

export const vaultedCredentials = stream<PasswordSafeClient, 'credentials'>({
  ...common,
  record: 'credentials',
  title: 'Vaulted credentials',
  read: (client, from) => ofEverySystem(client, toCredential, from),
});
