import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { JumpItemType } from '../api/jump-items.ts';
import { ReachItem } from '../api/reach.ts';
import { ledBy, Way, ways } from './ways.ts';

const Row = ReachItem.omit({ jumpGroup: true, obstacle: true }).extend({
  isFavourite: z.boolean(),
  jumpGroupId: z.int().nullable(),
  jumpGroupName: z.string().nullable(),
  ways: z.array(Way),
});
/** An item that a user sees, with every way that leads to it: one for each Jump group membership. */
export type Seen = z.output<typeof Row>;

const Permitted = z.object({
  enabled: z.boolean(),
  perm_admin: z.boolean(),
  perm_access_allowed: z.string(),
  perm_shell_jump: z.boolean(),
  perm_remote_vnc: z.boolean(),
  perm_remote_rdp: z.boolean(),
});
export type Permitted = z.output<typeof Permitted>;

export const findPermitted = async (tx: Sql, userId: number): Promise<Permitted | null> => {
  const { rows } = await sql`
    select enabled, perm_admin, perm_access_allowed, perm_shell_jump, perm_remote_vnc, perm_remote_rdp
    from site_users where id = ${userId}`.execute(tx);
  return rows[0] === undefined ? null : Permitted.parse(rows[0]);
};

export interface Wanted {
  readonly search?: string | undefined;
  /** Those that this user marked: before all others, or alone. */
  readonly favourites?: 'first' | 'alone';
  readonly only?: { readonly type: JumpItemType; readonly id: number };
  readonly limit: number;
  readonly offset: number;
}

const item = (type: JumpItemType, table: string, port: string) => sql`
  select ${sql.lit(type)} as type, id, name, hostname, ${sql.raw(port)} as port, tag, comments, shared_jump_group_id,
    personal_user_id, jump_policy_id, session_policy_id from ${sql.table(table)}`;

/** By name. An item is seen through a role that allows anything at all, and by administrators in any case. */
export const listSeen = async (tx: Sql, userId: number, wanted: Wanted): Promise<readonly Seen[]> => {
  const { search = '', only, favourites, limit, offset } = wanted;
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql`
    with ${ledBy(userId)},
    items as (${item('shell-jump', 'shell_jumps', 'port')} union all ${item('remote-vnc', 'remote_vnc', 'port')}
      union all ${item('remote-rdp', 'remote_rdp', 'null::int')})
    select i.type, i.id, i.name, i.hostname, i.port, i.tag, i.comments, i.shared_jump_group_id as "jumpGroupId",
      g.name as "jumpGroupName", g.ecm_group_id as "ecmGroupId", i.jump_policy_id as "jumpPolicyId",
      i.session_policy_id as "sessionPolicyId", w.ways, f.user_id is not null as "isFavourite"
    from items i
    cross join me
    left join jump_groups g on g.id = i.shared_jump_group_id
    left join favourites f on f.user_id = me.id and f.item_type = i.type and f.item_id = i.id
    cross join lateral (${ways}) w
    where w.ways is not null
      and (${only?.type ?? null}::text is null or (i.type = ${only?.type ?? null} and i.id = ${only?.id ?? 0}))
      and (i.name ilike ${like} or i.hostname ilike ${like} or i.tag ilike ${like} or g.name ilike ${like})
      and (f.user_id is not null or ${favourites !== 'alone'})
    order by f.user_id is null and ${favourites === 'first'}, lower(i.name), i.type, i.id limit ${limit} offset ${offset}`.execute(
    tx,
  );
  return z.array(Row).parse(rows);
};

const Timed = z.object({ id: z.int(), timezone: z.string(), entries: z.array(z.unknown()) });

/** The schedules of those Jump policies that have theirs switched on. */
export const listSchedules = async (tx: Sql, jumpPolicyIds: readonly number[]) => {
  const { rows } = await sql`
    select id, schedule_timezone as timezone, schedule_entries as entries from jump_policies
    where schedule_enabled and id = any(${jumpPolicyIds}::int[])`.execute(tx);
  return z.array(Timed).parse(rows);
};

export const saveFavourite = async (
  tx: Sql,
  userId: number,
  { type, id }: { readonly type: JumpItemType; readonly id: number },
  isFavourite: boolean,
): Promise<void> => {
  await (isFavourite
    ? sql`insert into favourites (user_id, item_type, item_id) values (${userId}, ${type}, ${id}) on conflict do nothing`
    : sql`delete from favourites where user_id = ${userId} and item_type = ${type} and item_id = ${id}`
  ).execute(tx);
};
