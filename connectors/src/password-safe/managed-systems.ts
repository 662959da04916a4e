import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { all, stretches } from './lists.ts';
import { needOf } from './needs.ts';
import { readPlatforms } from './platforms.ts';
import { rawOf } from './raw.ts';
import { flagAt, numberAt, textAt } from './shapes.ts';

export const systemsPath = '/ManagedSystems';

/** A managed system as its accounts are read by it. */
export interface ManagedSystem {
  readonly id: string;
  readonly number: number;
  readonly name: string | null;
}

const toManagedSystem = (item: unknown): ManagedSystem => {
  const number = numberOf('managed-system', item);
  return { id: idOf('managed-system', number), number, name: nameOf(item) };
};

const nameOf = (item: unknown) => textAt(item, 'SystemName', 'HostName', 'DNSName', 'IPAddress');

/** Every managed system, read once for all streams that go through them. */
export const readManagedSystems = (client: PasswordSafeClient): Promise<readonly ManagedSystem[]> =>
  client.once('managed systems', async () => (await all(client, systemsPath, toManagedSystem)).items);

/** What a managed system is one of (EntityTypes of the API). */
const entities: Readonly<Record<number, string>> = { 1: 'asset', 2: 'database', 3: 'directory', 4: 'cloud' };

/**
 * A system whose accounts Password Safe manages. `parentId`: the asset that it is. `attributes`: `entity` (asset,
 * database, directory, cloud), `platform`, `platformId`, `dnsName`, `ipAddress`, `netbiosName`, `forestName`, `port`,
 * `functionalAccountId` (who changes the passwords there), `isManagedAutomatically`, `changesAfterRelease`,
 * `checksPasswords`, `changeFrequencyType`, `changeFrequencyDays`.
 */
export const toResource = (item: unknown, platforms: ReadonlyMap<number, string>): Resource => {
  const platform = numberAt(item, 'PlatformID');
  return {
    ...empty('resources'),
    id: toManagedSystem(item).id,
    raw: rawOf(Object(item)),
    type: 'managed_system',
    name: nameOf(item),
    description: textAt(item, 'Description'),
    parentId: referenceTo('asset', item),
    url: textAt(item, 'AccessURL'),
    attributes: {
      entity: entities[numberAt(item, 'EntityTypeID') ?? 0] ?? null,
      platform: platform === null ? null : (platforms.get(platform) ?? null),
      platformId: platform,
      dnsName: textAt(item, 'DnsName'),
      ipAddress: textAt(item, 'IPAddress'),
      netbiosName: textAt(item, 'NetBiosName'),
      forestName: textAt(item, 'ForestName'),
      port: numberAt(item, 'Port'),
      functionalAccountId: referenceTo('functional-account', item),
      isManagedAutomatically: flagAt(item, 'AutoManagementFlag'),
      changesAfterRelease: flagAt(item, 'ChangePasswordAfterAnyReleaseFlag'),
      checksPasswords: flagAt(item, 'CheckPasswordFlag'),
      changeFrequencyType: textAt(item, 'ChangeFrequencyType'),
      changeFrequencyDays: numberAt(item, 'ChangeFrequencyDays'),
    },
  };
};

export const managedSystems = stream<PasswordSafeClient, 'resources'>({
  record: 'resources',
  title: 'Managed systems',
  needs: needOf('systems'),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    const platforms = await readPlatforms(client);
    yield* stretches(client, systemsPath, (item) => toResource(item, platforms), from);
  },
  probe: (client) => client.probe(`${systemsPath}?limit=1&offset=0`),
});
