import { coversAccount, defineEdge, mostTargets, pathsFrom, proof } from './edge.ts';

/**
 * Okta lets nobody but a super administrator touch the credentials of somebody who has an administrator role, so this
 * leads only to people without one. It matters where such a person signs in with Okta to a privileged account elsewhere.
 */
export const resetCredentials = defineEdge({
  edge: 'reset_credentials',
  title: 'can reset the credentials of',
  sql: `
    select connection_id as from_connection, stream as from_stream, id as from_id, 'accounts' as to_kind,
      to_connection, to_stream, to_id, to_label, to_level,
      jsonb_build_array(${proof('Role', 'role_name', 'grants', 'found', 'connection_id, grant_stream, grant_id')},
        jsonb_build_object('fact', 'Administrator role of the other account', 'value', 'none', 'kind', 'accounts',
          'connection', to_connection, 'stream', to_stream, 'id', to_id)) as proof
    from (
      select h.*, t.connection_id as to_connection, t.stream as to_stream, t.id as to_id,
        coalesce(t.display_name, t.login, t.id) as to_label, 0 as to_level,
        row_number() over (partition by h.connection_id, h.stream, h.id, h.grant_stream, h.grant_id order by s.level desc, t.id) as place
      from grant_holders h
        join signed_in_elsewhere s on s.provider_connection = h.connection_id and s.level >= ${pathsFrom}
        join accounts t on t.connection_id = s.provider_connection and t.stream = s.provider_stream and t.id = s.provider_id
      where h.connector = 'okta' and (h.role_id ~ '^(HELP_DESK_ADMIN|USER_ADMIN|ORG_ADMIN)$'
          or h.permissions && array['okta.users.manage', 'okta.users.credentials.manage',
            'okta.users.credentials.resetPassword', 'okta.users.credentials.manageTemporaryAccessCode'])
        and (t.stream, t.id) <> (h.stream, h.id)
        and not exists (select from administrators a where a.connection_id = t.connection_id and a.id = t.id)
        and ${coversAccount('h', 't.id')}
    ) found
    where place <= ${mostTargets}`,
});
