import { fact } from './rule.ts';

/**
 * Who is in a group of a directory, however deep, in SQL: `id` and `name`. Left out are disabled accounts and the built-in
 * Administrator, who is in the groups by nature; a member of another domain goes by its SID.
 */
const membersOf = (group: string, alsoIn: string): string => `(
  with recursive inside as (
    select q.id as group_id from groups q where q.connection_id = ${group}.connection_id and (q.id = ${group}.id or ${alsoIn})
    union
    select m.member_id from inside i join memberships m
      on m.connection_id = ${group}.connection_id and m.group_id = i.group_id and m.member_kind = 'group' and m.member_id is not null
  )
  select distinct m.member_id as id, coalesce(a.login, m.member_id) as name
  from inside i
    join memberships m on m.connection_id = ${group}.connection_id and m.group_id = i.group_id and m.member_kind = 'account'
    left join accounts a on a.connection_id = m.connection_id and a.id = m.member_id
  where m.member_id is not null and m.member_id !~ '^S-1-5-21-[0-9-]+-500$' and coalesce(a.status, 'enabled') <> 'disabled')`;

/**
 * To join a group with what is to be told of its members: `members.number`, and `members.named`, the first of them by name.
 * `alsoIn` names other groups whose members count, too: a condition over `q.id`.
 */
export const withMembers = (group: string, alsoIn = 'false'): string => `cross join lateral (
  select count(*) as number, string_agg(name, ', ' order by name) filter (where place <= 20) as named
  from (select id, min(name) as name, row_number() over (order by min(name)) as place from ${membersOf(group, alsoIn)} each group by id) one
) members`;

/** How many there are, and the first of them by name, of a group with `withMembers`. */
export const memberFacts = (group: string): readonly string[] => [
  fact('Members', 'members.number', 'groups', group),
  fact('Among them', 'members.named', 'groups', group),
];

/** Groups `p` of a condition with a member of which nobody knows who it is. */
export const unseenMembers = (condition: string): string => `
    select distinct p.connection_id, p.stream, p.id, 'A member of the group is no account that was read.' as reason
    from groups p join memberships m on m.connection_id = p.connection_id and m.group_id = p.id and m.member_id is null
    where ${condition}`;
