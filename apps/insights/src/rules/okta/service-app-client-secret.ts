import { defineRule, evidence, fact } from '../rule.ts';

export const serviceAppClientSecret = defineRule({
  id: 'service-app-client-secret',
  catalogue: 'O07',
  title: 'Application with rights that signs in with a secret',
  summary: 'An application that holds a role or scopes of Okta signs in with a client secret instead of a key pair.',
  why: 'The secret is the same at both ends, is copied into settings and scripts, and several administrator roles can read it.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1098.001'],
  needs: ['okta.apps', 'okta.role-assignments', 'okta.app-grants'],
  subject: 'resources',
  sql: `
    select r.connection_id, r.stream, r.id, coalesce(r.name, r.id) as label,
      (max(array_position(array['none', 'low', 'moderate', 'high', 'highest'], g.privilege)) - 1)::smallint as sensitivity,
      ${evidence(
        fact('Signs in with', "r.attributes->>'tokenEndpointAuthMethod'", 'resources', 'r'),
        fact('Roles and scopes', "left(string_agg(distinct g.role_id, ', '), 1000)", 'resources', 'r'),
      )}
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application'
        and g.principal_id in (r.id, r.attributes->>'clientId') and coalesce(g.state, 'active') = 'active'
    where r.type = 'application' and r.status = 'enabled' and r.attributes->>'isServiceApp' = 'true'
      and r.attributes->>'tokenEndpointAuthMethod' like 'client_secret%'
    group by r.connection_id, r.stream, r.id, r.name, r.attributes`,
  unseen: `
    select distinct r.connection_id, r.stream, r.id, 'How some applications sign in is not told.' as reason
    from resources r
      join grants g on g.connection_id = r.connection_id and g.principal_kind = 'application'
        and g.principal_id in (r.id, r.attributes->>'clientId')
    where r.type = 'application' and r.status = 'enabled' and r.attributes->>'isServiceApp' = 'true'
      and r.attributes->>'tokenEndpointAuthMethod' is null`,
  remediation: [
    'Make a key pair where the application runs, and register the public key (private_key_jwt).',
    'Switch the client authentication to “Public key / Private key”, then delete the secrets.',
  ],
});
