import { empty, type Group, type Membership, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { nested, whole } from './lists.ts';
import { needsSmartGroupAccounts, needsSmartGroups } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, numberAt, textAt, timeAt } from './shapes.ts';

const rulesPath = '/SmartRules';

export interface SmartGroup {
  readonly id: string;
  readonly number: number;
}

export const toSmartGroupReference = (item: unknown): SmartGroup => {
  const number = numberOf('smart-group', item);
  return { id: idOf('smart-group', number), number };
};

/**
 * A Smart Group: what a Smart Rule selects of the assets, managed systems or managed accounts. Access levels and roles
 * are granted on it. `rule`: the words of its description, because the API does not tell the conditions themselves.
 * `attributes`: `selects` (Asset, ManagedSystem or ManagedAccount), `category`, `isReadOnly`, `processedAt`, `status`.
 */
export const toSmartGroup = (item: unknown): Group => ({
  ...empty('groups'),
  id: toSmartGroupReference(item).id,
  raw: rawOf(Object(item)),
  type: 'smart_group',
  name: textAt(item, 'Title'),
  description: textAt(item, 'Description'),
  rule: textAt(item, 'Description', 'Title'),
  attributes: {
    selects: textAt(item, 'RuleType'),
    category: textAt(item, 'Category'),
    isReadOnly: flagAt(item, 'IsReadOnly'),
    processedAt: timeAt(item, 'LastProcessedDate')?.toISOString() ?? null,
    status: numberAt(item, 'Status'),
  },
});

export const smartGroups = stream<PasswordSafeClient, 'groups'>({
  record: 'groups',
  title: 'Smart Groups',
  needs: needsSmartGroups,
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) => whole(client.list(rulesPath, toSmartGroup), from),
  probe: (client) => client.probe(rulesPath),
});

/** Smart Groups of managed accounts; one that does not say what it selects is asked for its accounts as well. */
const readOfAccounts = (client: PasswordSafeClient): Promise<readonly SmartGroup[]> =>
  client.once('smart groups of accounts', async () => {
    const { items } = await client.list(rulesPath, (item) => ({
      ...toSmartGroupReference(item),
      selects: textAt(item, 'RuleType')?.replace(/\s/g, '').toLowerCase() ?? 'managedaccount',
    }));
    return items.filter(({ selects }) => selects === 'managedaccount');
  });

const toMembership = (group: SmartGroup, item: unknown): Membership => {
  const number = numberOf('managed-account', item);
  const memberId = idOf('managed-account', number);
  return {
    ...empty('memberships'),
    id: `${group.id}/${memberId}`,
    raw: { smartRule: group.number, managedAccount: number },
    ...{ groupId: group.id, memberKind: 'account', memberId, role: 'member', via: 'rule' },
  };
};

/** The managed accounts in every Smart Group of managed accounts: on what the roles of the group are. */
export const smartGroupMembers = stream<PasswordSafeClient, 'memberships'>({
  record: 'memberships',
  title: 'Managed accounts of Smart Groups',
  needs: needsSmartGroupAccounts,
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    yield* nested({
      parents: await readOfAccounts(client),
      each: (group, at) =>
        client.stretch(`${rulesPath}/${group.number}/ManagedAccounts`, at, (item) => toMembership(group, item)),
      from,
    });
  },
  probe: (client) => client.probe(rulesPath),
});
