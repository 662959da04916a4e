import { defineRule, evidence, fact } from '../rule.ts';

export const serviceAppManageScope = defineRule({
  id: 'service-app-manage-scope',
  catalogue: 'O07',
  title: 'Service application that may change the organisation',
  summary: 'A service application was granted scopes that change users, applications, policies or roles.',
  why: 'It acts by itself, without a person and a second factor. Whoever has its key has these rights.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1098.001'],
  needs: ['okta.apps', 'okta.app-grants'],
  subject: 'resources',
  sql: `
    select r.connection_id, r.stream, r.id, coalesce(r.name, r.id) as label,
      (max(array_position(array['none', 'low', 'moderate', 'high', 'highest'], g.privilege)) - 1)::smallint as sensitivity,
      ${evidence(
        fact('Scopes that change something', "string_agg(distinct g.role_id, ', ')", 'resources', 'r'),
        fact('Signs in with', "coalesce(r.attributes->>'tokenEndpointAuthMethod', 'not told')", 'resources', 'r'),
      )}
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application' and g.principal_id = r.id
    where r.type = 'application' and r.status = 'enabled' and r.attributes->>'isServiceApp' = 'true'
      and coalesce(g.state, 'active') = 'active' and g.role_id ~ '^okta\\.[A-Za-z.]+\\.manage$'
    group by r.connection_id, r.stream, r.id, r.name, r.attributes`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'Whether some applications act by themselves is not known.' as reason
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application' and g.principal_id = r.id
    where r.type = 'application' and r.status = 'enabled' and r.attributes->>'isServiceApp' is null and g.role_id ~ '\\.manage$'`,
  remediation: [
    'Ask the owner which calls the application makes; the System Log shows them.',
    'Revoke the scopes it does not use, and replace .manage by .read where it only reads.',
    'Limit what is left by a custom role with a resource set.',
  ],
});
