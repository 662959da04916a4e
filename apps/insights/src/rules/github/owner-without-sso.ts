import { defineRule, evidence, fact, subject } from '../rule.ts';

/** Where no account has an identity elsewhere, they could not be read: that says nothing about anybody. */
const told = `exists (select from accounts o where o.connection_id = a.connection_id and cardinality(o.external_ids) > 0)`;

const owners = `from accounts a
      join grants g on g.connection_id = a.connection_id and g.principal_kind = 'account' and g.principal_id = a.id
        and g.role_id = 'organization-role:owner'
      join policies p on p.connection_id = a.connection_id and p.type = 'organization_settings'`;

export const ownerWithoutSso = defineRule({
  id: 'owner-without-sso',
  catalogue: 'G07',
  title: 'Owner outside of single sign-on',
  summary: 'The organization has single sign-on, and one of its owners is not tied to an identity of the provider.',
  why: 'The owner gets in without the provider’s checks, and stays an owner after leaving.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1199'],
  needs: ['github.members', 'github.organization-grants', 'github.organization-settings'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(
        fact('Identity of the provider', "'none'", 'accounts', 'a'),
        fact('Role', "'Owner'", 'grants', 'g'),
        fact('Single sign-on', "coalesce(p.settings->>'samlIssuer', 'on')", 'policies', 'p'),
      )}
    ${owners}
    where a.status = 'enabled' and p.settings->>'samlEnabled' = 'true' and cardinality(a.external_ids) = 0 and ${told}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether single sign-on is on, or who is tied to it, is not told.' as reason
    ${owners}
    where a.status = 'enabled' and (p.settings->>'samlEnabled' is null or (p.settings->>'samlEnabled' = 'true' and not ${told}))`,
  remediation: [
    'Have the owner sign in once through the provider, which ties the accounts together.',
    'If it is an account for emergencies, seal it and accept the finding.',
    'Require single sign-on for all members.',
  ],
});
