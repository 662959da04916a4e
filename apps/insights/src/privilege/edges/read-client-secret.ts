import { coversApplication, defineEdge, pathsFrom, proof } from './edge.ts';

/** Some roles see client secrets, also of applications that hold an administrator role: the secret is the application. */
export const readClientSecret = defineEdge({
  edge: 'read_client_secret',
  title: 'can read the client secret of',
  sql: `
    select h.connection_id as from_connection, 'accounts' as from_kind, h.stream as from_stream, h.id as from_id, 'resources' as to_kind,
      r.connection_id as to_connection, r.stream as to_stream, r.id as to_id, coalesce(r.name, r.id) as to_label,
      l.effective as to_level,
      jsonb_build_array(${proof('Role', 'h.role_name', 'grants', 'h', 'connection_id, grant_stream, grant_id')},
        ${proof('Client secret', "coalesce(c.name, c.id) || ' (active)'", 'credentials', 'c')},
        ${proof('Role of the application', 'g.role_name', 'grants', 'g')}) as proof
    from grant_holders h
      join held_levels l on l.connection_id = h.connection_id and l.principal_kind = 'application' and l.effective >= ${pathsFrom}
      join lateral (
        select * from resources r where r.connection_id = l.connection_id and r.id = l.principal_id and r.gone_at is null
          and r.type = 'application' and coalesce(r.status, 'enabled') = 'enabled'
          and r.attributes->>'tokenEndpointAuthMethod' like 'client_secret%' limit 1) r on true
      join lateral (
        select * from credentials c where c.connection_id = l.connection_id and c.owner_kind = 'application'
          and c.owner_id = l.principal_id and c.type = 'client_secret' and c.status = 'active' and c.gone_at is null
        order by c.id limit 1) c on true
      join lateral (
        select * from live_grants g where g.connection_id = l.connection_id and g.principal_kind = 'application'
          and g.principal_id = l.principal_id order by g.level desc nulls last, g.id limit 1) g on true
    where h.connector = 'okta' and h.level < l.effective
      and (
        h.role_id in ('READ_ONLY_ADMIN', 'API_ACCESS_MANAGEMENT_ADMIN')
        or ((h.role_id = 'APP_ADMIN' or 'okta.apps.clientCredentials.read' = any(h.permissions))
          and ${coversApplication('h', 'l.principal_id')}))`,
});
