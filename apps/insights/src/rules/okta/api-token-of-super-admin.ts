import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const apiTokenOfSuperAdmin = defineRule({
  id: 'api-token-of-super-admin',
  catalogue: 'O01',
  title: 'API token of a super administrator',
  summary: 'A token acts with everything its owner may do, and its owner is a super administrator.',
  why: 'Whoever finds the token in a script or a log controls the organisation, without a second factor.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1550.001'],
  needs: ['okta.api-tokens', ...oktaPrivilege],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 't', 'o.true_privilege')},
      ${evidence(
        fact('Token', 'coalesce(t.name, t.id)', 'credentials', 't'),
        fact('Owner', 'coalesce(o.login, o.id)', 'accounts', 'o'),
        fact('Role of the owner', "'SUPER_ADMIN'", 'grants', 'g'),
      )}
    from credentials t
      join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
      join lateral (
        select g.* from grants g
        where g.connection_id = o.connection_id and g.role_id = 'SUPER_ADMIN' and coalesce(g.state, 'active') = 'active'
          and (g.principal_kind = 'account' and g.principal_id = o.id
            or g.principal_kind = 'group' and exists (
              select from memberships m where m.connection_id = g.connection_id and m.group_id = g.principal_id
                and m.member_kind = 'account' and m.member_id = o.id))
        order by g.principal_kind, g.id limit 1) g on true
    where t.type = 'api_token' and t.status = 'active' and o.status = 'enabled'`,
  unseen: `
    select t.connection_id, t.stream, t.id, 'The owner of some tokens is not known.' as reason
    from credentials t left join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
    where t.type = 'api_token' and t.status = 'active' and o.status is null`,
  remediation: [
    'Give the integration an API service app with a key pair, the scopes it needs and the smallest role.',
    'Revoke the token under Security, API, Tokens.',
    'Until then limit the token to the network zone it is used from.',
  ],
});
