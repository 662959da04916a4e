import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { ObjectRow } from '../api/shape.ts';
import { type Author, createObject, type Kind, Refusal, removeObject } from '../objects/index.ts';

/** The group policies that a user is a member of, in the order of their ids: id and name only. */
export const listPoliciesOf = async (
  tx: Sql,
  userId: number,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: readonly ObjectRow[]; readonly total: number }> => {
  const { rows } = await sql<ObjectRow>`
    select p.id, p.name from group_policies p join group_policy_members m on m.group_policy_id = p.id
    where m.user_id = ${userId} order by p.id limit ${limit} offset ${offset}`.execute(tx);
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from group_policy_members where user_id = ${userId}`.execute(tx);
  return { rows, total: counted.rows[0]?.count ?? 0 };
};

/** Makes a user a member of some policies, and of others no longer; what is so already stays. @throws Refusal */
export const changePoliciesOf = async (
  tx: Sql,
  by: Author,
  members: Kind,
  userId: number,
  { added = [], removed = [] }: { added?: readonly number[] | undefined; removed?: readonly number[] | undefined },
): Promise<void> => {
  const { rows } = await sql<{ id: number; policy: number }>`
    select id, group_policy_id as policy from group_policy_members where user_id = ${userId}`.execute(tx);
  const held = new Map(rows.map(({ policy, id }) => [policy, id]));
  const known = await sql<{ id: number }>`
    select id from group_policies where id = any(${[...added, ...removed]}::int[])`.execute(tx);
  for (const [field, ids] of Object.entries({ added, removed }))
    if (ids.some((id) => !known.rows.some((one) => one.id === id)))
      throw new Refusal([{ field, message: 'There is no such group policy.' }]);
  for (const policy of new Set(added))
    if (!held.has(policy))
      await createObject(tx, by, { kind: members, parentId: policy }, { security_provider_id: 1, user_id: userId });
  for (const policy of new Set(removed)) {
    const member = held.get(policy);
    if (member !== undefined) await removeObject(tx, by, { kind: members, parentId: policy }, member);
  }
};
