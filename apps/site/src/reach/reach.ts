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
  const standing = await judgeWays(tx, seen, at);
  return seen.map(({ jumpGroupId, jumpGroupName, ways: _, ...item }, index) => ({
    ...item,
    jumpGroup: jumpGroupId === null ? null : { id: jumpGroupId, name: jumpGroupName ?? '' },
    jumpPolicyId: standing[index]?.policy ?? null,
    obstacle: obstacleOf(permitted, item.type) ?? standing[index]?.obstacle ?? null,
  }));
};

/** What somebody sees, as far as it matters for when they may use it. */
type Led = Pick<Seen, 'jumpPolicyId' | 'ways'>;
interface Standing {
  /** The Jump policy that holds. */
  readonly policy: number | null;
  readonly obstacle: 'role' | 'schedule' | null;
}

/** In the order of what was seen. Of several ways the best counts. */
export const judgeWays = async (tx: Sql, seen: readonly Led[], at: Date): Promise<readonly Standing[]> => {
  const named = seen.flatMap(({ jumpPolicyId, ways }) => [jumpPolicyId, ...ways.map((way) => way.jumpPolicyId)]);
  const ids = [...new Set(named.filter((id) => id !== null))];
  const found = ids.length === 0 ? [] : await listSchedules(tx, ids);
  const schedules = new Map(found.map(({ id, ...schedule }) => [id, isWithin(Schedule.parse(schedule), at)]));
  return seen.map((one) => bestOf(one, schedules));
};

/** `open` says of Jump policies with a schedule whether it is open. */
const bestOf = ({ jumpPolicyId: own, ways }: Led, open: ReadonlyMap<number, boolean>): Standing => {
  const judged = ways.map(({ starts, jumpPolicyId }): Standing => {
    const policy = jumpPolicyId ?? own;
    const isOpen = policy === null || (open.get(policy) ?? true);
    return { policy, obstacle: starts ? (isOpen ? null : 'schedule') : 'role' };
  });
  return judged.toSorted((a, b) => rank(a.obstacle) - rank(b.obstacle))[0] ?? { policy: null, obstacle: null };
};

const rank = (obstacle: Standing['obstacle']) => (obstacle === null ? 0 : obstacle === 'schedule' ? 1 : 2);

const obstacleOf = (permitted: Permitted, type: JumpItemType): Obstacle | null => {
  if (!permitted.enabled) return 'disabled';
  if (permitted.perm_access_allowed === 'not_allowed') return 'access';
  return permitted[jumpItemTypes[type].permission] ? null : 'protocol';
};
