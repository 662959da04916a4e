import { defineRule, evidence, fact, subject } from '../rule.ts';

export const ownerWithout2fa = defineRule({
  id: 'owner-without-2fa',
  catalogue: 'G01',
  title: 'Organization owner without a second factor',
  summary: 'An owner of the organization has no second factor.',
  why: 'One guessed, reused or phished password then owns every repository, secret and member.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'critical',
  mitre: ['T1078.004'],
  needs: ['github.members', 'github.organization-grants'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(fact('Second factor', 'a.mfa', 'accounts', 'a'), fact('Role', "'Owner'", 'grants', 'g'))}
    from accounts a
      join grants g on g.connection_id = a.connection_id and g.principal_kind = 'account' and g.principal_id = a.id
    where a.status = 'enabled' and g.role_id = 'organization-role:owner' and a.mfa = 'none' and a.sso_only is distinct from true`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'GitHub tells second factors only to an app that an owner installed with “Members: read”.' as reason
    from accounts a
      join grants g on g.connection_id = a.connection_id and g.principal_kind = 'account' and g.principal_id = a.id
    where a.status = 'enabled' and g.role_id = 'organization-role:owner' and a.mfa is null and a.sso_only is distinct from true`,
  remediation: [
    'Have the owner set up a security key or a passkey today, or make them a member until they have.',
    'Require a second factor for the whole organization.',
  ],
});
