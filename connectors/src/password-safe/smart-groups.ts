import { empty, type Group, type Membership, stream } from '@gatehouse/connector-kit';
import type { Cursor, Page } from '@gatehouse/host';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { nested, whole } from './lists.ts';
import { needsSmartGroups, needsSmartGroupsWith } from './needs.ts';
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

/** What a Smart Group selects, by the word of the API for it: the list below the rule, and what is in it. */
const selections = {
  managedaccount: { list: 'ManagedAccounts', member: 'managed-account', memberKind: 'account' },
  managedsystem: { list: 'ManagedSystems', member: 'managed-system', memberKind: 'resource' },
  asset: { list: 'Assets', member: 'asset', memberKind: 'resource' },
} as const;
type Selects = keyof typeof selections;

interface Selecting extends SmartGroup {
  readonly selects: Selects;
}

/** Smart Groups that select one of these; one that does not say what it selects is asked for accounts as well. */
const readSelecting = async (client: PasswordSafeClient, wanted: readonly Selects[]): Promise<readonly Selecting[]> => {
  const all = await client.once('smart groups', () =>
    client.list(rulesPath, (item) => ({
      ...toSmartGroupReference(item),
      selects: textAt(item, 'RuleType')?.replace(/\s/g, '').toLowerCase() ?? 'managedaccount',
    })),
  );
  return all.items.flatMap(({ selects, ...group }) =>
    wanted.filter((one) => one === selects).map((one) => ({ ...group, selects: one })),
  );
};

const toMembership = (group: Selecting, item: unknown): Membership => {
  const { member, memberKind } = selections[group.selects];
  const number = numberOf(member, item);
  const memberId = idOf(member, number);
  return {
    ...empty('memberships'),
    id: `${group.id}/${memberId}`,
    raw: { smartRule: group.number, member: number },
    ...{ groupId: group.id, memberKind, memberId, role: 'member', via: 'rule' },
  };
};

async function* readMembers(
  client: PasswordSafeClient,
  wanted: readonly Selects[],
  from: Cursor | null,
): AsyncIterable<Page<Membership>> {
  yield* nested({
    parents: await readSelecting(client, wanted),
    each: (group, at) =>
      client.stretch(`${rulesPath}/${group.number}/${selections[group.selects].list}`, at, (item) =>
        toMembership(group, item),
      ),
    from,
  });
}

/** The managed accounts in every Smart Group of managed accounts: on what the roles of the group are. */
export const smartGroupMembers = stream<PasswordSafeClient, 'memberships'>({
  record: 'memberships',
  title: 'Managed accounts of Smart Groups',
  needs: needsSmartGroupsWith('accounts'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  read: (client, from) => readMembers(client, ['managedaccount'], from),
  probe: (client) => client.probe(rulesPath),
});

/** The managed systems and assets in every other Smart Group: its roles reach the accounts on them. */
export const smartGroupSystems = stream<PasswordSafeClient, 'memberships'>({
  record: 'memberships',
  title: 'Systems and assets of Smart Groups',
  needs: needsSmartGroupsWith('systems', 'assets'),
  reading: { mode: 'full' },
  everyMs: 12 * 3_600_000,
  read: (client, from) => readMembers(client, ['managedsystem', 'asset'], from),
  probe: (client) => client.probe(rulesPath),
});
