import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Approval, EndpointId } from '../api/console.ts';

type View = z.output<typeof Approval>;
export type Standing = Pick<View, 'state' | 'until'>;

/** A request that nobody decided lasts so long. */
export const waitsDays = 7;

/** How it stands with approval for this user and endpoint now; null: nobody asked. */
export const findStanding = async (tx: Sql, item: EndpointId, userId: number, at: Date): Promise<Standing | null> => {
  const { rows } = await sql<{ state: Standing['state']; until: Date | null }>`
    select state, until from approvals
    where item_type = ${item.type} and item_id = ${item.id} and (user_id = ${userId} or (for_anyone and state = 'approved'))
      and case state when 'approved' then until > ${at}
        else asked_at > ${at}::timestamptz - ${waitsDays} * interval '1 day' end
    order by state = 'approved' desc, approval_id desc limit 1`.execute(tx);
  const row = rows[0];
  return row === undefined ? null : { state: row.state, until: row.until?.toISOString() ?? null };
};

/** Its id; null where this user waits for one already. */
export const insertApproval = async (
  tx: Sql,
  asked: {
    readonly userId: number;
    readonly item: EndpointId & { readonly name: string };
    readonly jumpPolicyId: number;
    readonly forAnyone: boolean;
    readonly reason: string;
    readonly ticket: string;
    readonly at: Date;
  },
): Promise<string | null> => {
  const { userId, item, jumpPolicyId, forAnyone, reason, ticket, at } = asked;
  // One that nobody decided in time makes room.
  await sql`delete from approvals where user_id = ${userId} and item_type = ${item.type} and item_id = ${item.id}
    and state = 'waiting' and asked_at < ${at}::timestamptz - ${waitsDays} * interval '1 day'`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    insert into approvals (approval_id, user_id, item_type, item_id, item_name, jump_policy_id, reason, ticket, asked_at,
      for_anyone)
    values (${newId()}, ${userId}, ${item.type}, ${item.id}, ${item.name}, ${jumpPolicyId}, ${reason}, ${ticket}, ${at},
      ${forAnyone})
    on conflict do nothing returning approval_id as id`.execute(tx);
  return rows[0]?.id ?? null;
};

const named = sql`(p.approval_user_ids @> array[u.id::text]
  or lower(u.email_address) = any(select lower(address) from unnest(p.approval_email_addresses) address)
  or exists (select from team_members t where t.user_id = u.id and p.approval_team_ids @> array[t.team_id::text]))`;
const mayForThem = sql`(p.approval_approver_scope = 'anyone' or a.user_id <> u.id)`;
/** Whether the Jump policy `p` names the user `u` to decide about the request `a`. */
export const isNamed = sql`(${named} and ${mayForThem})`;
/** Whether the user `u` decides about it: administrators do whoever is named. */
const decides = sql`((u.perm_admin or ${named}) and ${mayForThem})`;

interface Row extends Omit<View, 'item' | 'askedAt' | 'decidedAt' | 'until'> {
  readonly itemType: View['item']['type'];
  readonly itemId: number;
  readonly itemName: string;
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly until: Date | null;
}

/** Those that a user asked for, and those they may decide; what waits first, then the newest. At most 200. */
export const listApprovals = async (tx: Sql, userId: number, at: Date): Promise<View[]> => {
  const { rows } = await sql<Row>`
    select a.approval_id as id, a.item_type as "itemType", a.item_id as "itemId", a.item_name as "itemName",
      w.public_display_name as person, a.reason, a.ticket, a.asked_at as "askedAt", a.decided_by as "decidedBy",
      a.decided_at as "decidedAt", a.comment, a.until,
      case when a.state = 'waiting' and a.asked_at < ${at}::timestamptz - ${waitsDays} * interval '1 day' then 'expired'
        when a.state = 'approved' and a.until <= ${at} then 'expired' else a.state end as state,
      a.state = 'waiting' and ${decides} as "mayDecide"
    from approvals a
    join jump_policies p on p.id = a.jump_policy_id
    join site_users w on w.id = a.user_id
    join site_users u on u.id = ${userId}
    where a.user_id = ${userId} or ${decides}
    order by a.state = 'waiting' desc, a.approval_id desc limit 200`.execute(tx);
  return rows.map(({ itemType, itemId, itemName, askedAt, decidedAt, until, ...row }) => ({
    ...row,
    item: { type: itemType, id: itemId, name: itemName },
    ...{ askedAt: askedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null },
    until: until?.toISOString() ?? null,
  }));
};

/** The item's name; null where there is no such request, it is decided, or this user may not. */
export const decideApproval = async (
  tx: Sql,
  id: string,
  by: { readonly userId: number; readonly name: string },
  { approve, comment }: { readonly approve: boolean; readonly comment: string },
  at: Date,
): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    update approvals a set state = ${approve ? 'approved' : 'denied'}, decided_by = ${by.name}, decided_at = ${at},
      comment = ${comment},
      until = ${at}::timestamptz + p.approval_max_duration * interval '1 minute'
    from jump_policies p, site_users u
    where a.approval_id = ${id} and a.state = 'waiting' and p.id = a.jump_policy_id and u.id = ${by.userId}
      and a.asked_at > ${at}::timestamptz - ${waitsDays} * interval '1 day' and ${decides}
    returning a.item_name as name`.execute(tx);
  return rows[0]?.name ?? null;
};
