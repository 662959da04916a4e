import { day, defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const credentialAuthorizationUnused = defineRule({
  id: 'credential-authorization-unused',
  catalogue: 'G08',
  title: 'Classic token or SSH key let in and not used',
  summary: 'A classic token or SSH key that was let through single sign-on has not been used here for 90 days.',
  why: 'It opens the organization past the provider’s checks, for something nobody does any more.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'medium',
  mitre: ['T1552.004'],
  needs: ['github.credential-authorizations'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Last used', day('c.last_used_at', 'never'), 'credentials', 'c'),
        fact('Let in', day('c.created_at', 'not told'), 'credentials', 'c'),
        fact('Owner', "coalesce(c.attributes->>'ownerLogin', 'not told')", 'credentials', 'c'),
      )}
    from credentials c cross join settings s
    where c.stream = 'credential-authorizations' and c.status = 'active'
      and coalesce(c.last_used_at, c.created_at) < s.now - interval '90 days'`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'When some tokens and keys were last used is not told.' as reason
    from credentials c
    where c.stream = 'credential-authorizations' and c.status = 'active' and coalesce(c.last_used_at, c.created_at) is null`,
  remediation: [
    'Revoke the authorization on the person’s page in the organization, under SSO.',
    'Let people use fine-grained tokens with an end.',
  ],
});
