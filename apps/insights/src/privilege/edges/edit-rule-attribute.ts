import { defineEdge, pathsFrom, proof } from './edge.ts';

/**
 * A group that holds a role and is filled by a rule over people's attributes: whoever may edit profiles decides who is
 * in it. Okta refuses new rules of this kind, but keeps those that were there.
 */
export const editRuleAttribute = defineEdge({
  edge: 'edit_rule_attribute',
  title: 'can edit the attributes by which a rule fills',
  sql: `
    select h.connection_id as from_connection, 'accounts' as from_kind, h.stream as from_stream, h.id as from_id, 'groups' as to_kind,
      p.connection_id as to_connection, p.stream as to_stream, p.id as to_id, coalesce(p.name, p.id) as to_label,
      l.level as to_level,
      jsonb_build_array(${proof('Role', 'h.role_name', 'grants', 'h', 'connection_id, grant_stream, grant_id')},
        ${proof('Membership rule', 'left(p.rule, 500)', 'groups', 'p')}) as proof
    from grant_holders h
      join group_levels l on l.connection_id = h.connection_id and l.level >= ${pathsFrom} and l.level > h.level
      join groups p on p.connection_id = l.connection_id and p.id = l.group_id and p.gone_at is null
    where h.connector = 'okta' and p.rule like '%user.%'
      and (h.role_id in ('ORG_ADMIN', 'USER_ADMIN')
        or h.permissions && array['okta.users.manage', 'okta.users.userprofile.manage'])
      -- It must reach somebody who is no administrator: Okta guards the profiles of those.
      and exists (
        select from grant_reach r where r.connection_id = h.connection_id and r.grant_stream = h.grant_stream
          and r.grant_id = h.grant_id and r.reaches_ordinary)`,
});
