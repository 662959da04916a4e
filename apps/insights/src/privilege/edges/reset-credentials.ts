import { defineEdge, mostTargets, pathsFrom, proof } from './edge.ts';

/**
 * Okta lets nobody but a super administrator touch the credentials of somebody who has an administrator role, so this
 * leads only to people without one. It matters where such a person signs in with Okta to a privileged account elsewhere.
 */
export const resetCredentials = defineEdge({
  edge: 'reset_credentials',
  title: 'can reset the credentials of',
  // What a grant reaches is found once for the grant, not for each of its holders.
  sql: `
    with candidate as materialized (
      select t.connection_id, t.stream, t.id, coalesce(t.display_name, t.login, t.id) as label,
        row_number() over (partition by t.connection_id order by s.level desc, t.id) as place
      from signed_in_elsewhere s
        join accounts t on t.connection_id = s.provider_connection and t.stream = s.provider_stream and t.id = s.provider_id
      where s.level >= ${pathsFrom}
        and not exists (select from administrators a where a.connection_id = t.connection_id and a.id = t.id)
    ), holder as materialized (
      select * from grant_holders h
      where h.connector = 'okta' and (h.role_id ~ '^(HELP_DESK_ADMIN|USER_ADMIN|ORG_ADMIN)$'
        or h.permissions && array['okta.users.manage', 'okta.users.credentials.manage',
          'okta.users.credentials.resetPassword', 'okta.users.credentials.manageTemporaryAccessCode'])
    ), reach as materialized (
      select r.* from grant_reach r where exists (
        select from holder h where h.connection_id = r.connection_id and h.grant_stream = r.grant_stream and h.grant_id = r.grant_id)
    ), reached as (
      select r.grant_stream, r.grant_id, c.* from reach r
        join candidate c on c.connection_id = r.connection_id and c.place <= ${mostTargets}
      where r.whole
      union all
      select grant_stream, grant_id, connection_id, stream, id, label, place from (
        select limited.*, row_number() over (partition by connection_id, grant_stream, grant_id order by place) as kept
        from (
          select r.grant_stream, r.grant_id, c.* from reach r
            cross join unnest(r.groups) as one
            join reached_members m on m.connection_id = r.connection_id and m.group_id = one
            join candidate c on c.connection_id = m.connection_id and c.stream = m.stream and c.id = m.id
          where not r.whole
          union
          select r.grant_stream, r.grant_id, c.* from reach r
            cross join unnest(r.users) as one
            join candidate c on c.connection_id = r.connection_id and c.id = one
          where not r.whole
        ) limited
      ) ranked
      where kept <= ${mostTargets}
    )
    select h.connection_id as from_connection, 'accounts' as from_kind, h.stream as from_stream, h.id as from_id, 'accounts' as to_kind,
      t.connection_id as to_connection, t.stream as to_stream, t.id as to_id, t.label as to_label, 0 as to_level,
      jsonb_build_array(${proof('Role', 'role_name', 'grants', 'h', 'connection_id, grant_stream, grant_id')},
        jsonb_build_object('fact', 'Administrator role of the other account', 'value', 'none', 'kind', 'accounts',
          'connection', t.connection_id, 'stream', t.stream, 'id', t.id)) as proof
    from holder h
      join reached t on t.connection_id = h.connection_id and t.grant_stream = h.grant_stream and t.grant_id = h.grant_id`,
});
