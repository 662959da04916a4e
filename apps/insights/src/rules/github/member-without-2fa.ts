import { defineRule, evidence, fact, subject } from '../rule.ts';

export const memberWithout2fa = defineRule({
  id: 'member-without-2fa',
  catalogue: 'G01',
  title: 'Member without a second factor',
  summary: 'A member or outside collaborator who is no owner has no second factor.',
  why: 'Their password alone opens whatever they can read and change.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: ['github.members', 'github.outside-collaborators', 'github.organization-grants'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(fact('Second factor', 'a.mfa', 'accounts', 'a'), fact('Account', "coalesce(a.type, 'not told')", 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.mfa = 'none' and a.sso_only is distinct from true
      and not exists (select from grants g where g.connection_id = a.connection_id and g.principal_kind = 'account'
        and g.principal_id = a.id and g.role_id = 'organization-role:owner')`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'GitHub tells second factors only to an app that an owner installed with “Members: read”.' as reason
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.mfa is null and a.sso_only is distinct from true
      and not exists (select from grants g where g.connection_id = a.connection_id and g.principal_kind = 'account'
        and g.principal_id = a.id and g.role_id = 'organization-role:owner')`,
  remediation: ['Ask the person to set up a second factor.', 'Require a second factor for the whole organization.'],
});
