import type { Sql } from '@gatehouse/database';
import { type JumpItemType, jumpItemTypes } from '../api/jump-items.ts';
import { Schedule } from '../api/jump-policies.ts';
import { isWithin } from '../jump-policies/index.ts';
import type { Obstacle, Reach } from './model.ts';
import { findPermitted, listSchedules, listSeen, type Permitted, type Seen, type Wanted } from './store.ts';

/** What a user sees, by name, with what stands in the way of a session at `at`. Empty for somebody who is not there. */
export const listReach = async (
  tx: Sql,
  userId: number,
  at: Date,
  page: Omit<Wanted, 'only'>,
): Promise<readonly Reach[]> => {
  const permitted = await findPermitted(tx, userId);
  return permitted === null ? [] : await judge(tx, permitted, await listSeen(tx, userId, page), at);
};

/** The same for one item; null: this user sees no such item. Ask it again when a session begins. */
export const findReach = async (
  tx: Sql,
  userId: number,
  item: { readonly type: JumpItemType; readonly id: number },
  at: Date,
): Promise<Reach | null> => {
  const [permitted, seen] = await Promise.all([
    findPermitted(tx, userId),
    listSeen(tx, userId, { only: item, limit: 1, offset: 0 }),
  ]);
  if (permitted === null) return null;
  const [found] = await judge(tx, permitted, seen, at);
  return found ?? null;
};

const judge = async (tx: Sql, permitted: Permitted, seen: readonly Seen[], at: Date): Promise<readonly Reach[]> => {
  const named = seen.flatMap(({ jumpPolicyId, ways }) => [jumpPolicyId, ...ways.map((way) => way.jumpPolicyId)]);
  const ids = [...new Set(named.filter((id) => id !== null))];
  const found = ids.length === 0 ? [] : await listSchedules(tx, ids);
  const schedules = new Map(found.map(({ id, ...schedule }) => [id, isWithin(Schedule.parse(schedule), at)]));
  return seen.map((one) => toReach(permitted, one, schedules));
};

/** `open` says of Jump policies with a schedule whether it is open. Of several ways the best counts. */
const toReach = (permitted: Permitted, seen: Seen, open: ReadonlyMap<number, boolean>): Reach => {
  const { jumpGroupId, jumpGroupName, ways, ...item } = seen;
  const judged = ways.map(({ starts, jumpPolicyId }) => {
    const policy = jumpPolicyId ?? seen.jumpPolicyId;
    const isOpen = policy === null || (open.get(policy) ?? true);
    return { policy, obstacle: starts ? (isOpen ? null : ('schedule' as const)) : ('role' as const) };
  });
  const best = judged.toSorted((a, b) => rank(a.obstacle) - rank(b.obstacle))[0];
  return {
    ...item,
    jumpGroup: jumpGroupId === null ? null : { id: jumpGroupId, name: jumpGroupName ?? '' },
    jumpPolicyId: best?.policy ?? null,
    obstacle: obstacleOf(permitted, seen.type) ?? best?.obstacle ?? null,
  };
};

const rank = (obstacle: Obstacle | null) => (obstacle === null ? 0 : obstacle === 'schedule' ? 1 : 2);

const obstacleOf = (permitted: Permitted, type: JumpItemType): Obstacle | null => {
  if (!permitted.enabled) return 'disabled';
  if (permitted.perm_access_allowed === 'not_allowed') return 'access';
  return permitted[jumpItemTypes[type].permission] ? null : 'protocol';
};
