import { defineRule, evidence, fact, subject } from '../rule.ts';

export const serviceAppSuperAdmin = defineRule({
  id: 'service-app-super-admin',
  catalogue: 'O07',
  title: 'Application that is a super administrator',
  summary: 'An OAuth client holds the role of super administrator.',
  why: 'Whoever has its key can do everything, from anywhere, at any hour, without a second factor.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1098.001'],
  needs: ['okta.apps', 'okta.role-assignments'],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r', '4')},
      ${evidence(
        fact('Role', 'g.role_id', 'grants', 'g'),
        fact('Signs in with', "coalesce(r.attributes->>'tokenEndpointAuthMethod', 'not told')", 'resources', 'r'),
      )}
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application'
        and g.principal_id in (r.id, r.attributes->>'clientId')
    where r.type = 'application' and r.status = 'enabled' and g.role_id = 'SUPER_ADMIN' and coalesce(g.state, 'active') = 'active'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'Whether some applications with the role are active is not known.' as reason
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application'
        and g.principal_id in (r.id, r.attributes->>'clientId')
    where r.type = 'application' and r.status is null and g.role_id = 'SUPER_ADMIN'`,
  remediation: [
    'Find out what the application does, and give it a custom role with those permissions on a resource set.',
    'Take the role of super administrator from it under Security, Administrators.',
  ],
});
