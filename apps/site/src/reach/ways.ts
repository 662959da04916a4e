import { sql } from 'kysely';
import { z } from 'zod';

/** One of those that lead to an item: through a Jump group, as its own user, or as an administrator. */
export const Way = z.object({ starts: z.boolean(), jumpPolicyId: z.int().nullable() });

/** Before a select that asks for `ways`: who it is about, and the Jump groups that they are in. */
export const ledBy = (userId: number) => sql`
    me as (select * from site_users where id = ${userId}),
    memberships as (
      select u.jump_group_id, u.jump_item_role_id as role_id, u.jump_policy_id as policy_id
        from jump_group_users u where u.user_id = ${userId}
      union all
      select g.jump_group_id, g.role_id, g.policy_id from group_policy_jump_groups g
        join group_policy_members m on m.group_policy_id = g.group_policy_id where m.user_id = ${userId}
    )`;

/** A role without any permission hides what it is for. */
const anything = sql`(r.perm_add or r.perm_assign_jump_group or r.perm_remove or r.perm_start or r.perm_edit_tag
  or r.perm_edit_comments or r.perm_edit_jump_policy or r.perm_edit_session_policy or r.perm_edit_identity
  or r.perm_edit_behavior or r.perm_view_jump_item_report)`;

/** The `ways` to the item `i`, beside `me`. Null: they do not see it. */
export const ways = sql`
      select jsonb_agg(jsonb_build_object('starts', way.starts, 'jumpPolicyId', way.policy_id)) as ways from (
        select r.perm_start as starts, m.policy_id from memberships m
          join jump_item_roles r on r.id = coalesce(m.role_id, me.default_jump_item_role_id)
          where m.jump_group_id = i.shared_jump_group_id and ${anything}
        union all
        select r.perm_start, null from jump_item_roles r
          where i.personal_user_id = me.id and r.id = me.private_jump_item_role_id and ${anything}
        union all
        select true, null where me.perm_admin and (i.personal_user_id is null or i.personal_user_id = me.id)
      ) way`;
