import { defineRule, evidence, fact, subject } from '../rule.ts';

export const idpAutoLink = defineRule({
  id: 'idp-auto-link',
  catalogue: 'O08',
  title: 'Identity provider that can sign in as an administrator',
  summary: 'An identity provider links whoever it asserts to the user of the same name, administrators included.',
  why: 'Whoever controls that provider, or an account in it with the right name, signs in as any administrator here.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1484.002'],
  needs: ['okta.idps'],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(
        fact('Links accounts', "r.attributes->>'accountLinkAction'", 'resources', 'r'),
        fact('Limited to groups', "'no'", 'resources', 'r'),
        fact('Leaves administrators out', "'no'", 'resources', 'r'),
        fact('Kind of provider', "coalesce(r.attributes->>'idpType', 'not told')", 'resources', 'r'),
      )}
    from resources r
    where r.type = 'identity_provider' and r.status = 'enabled' and r.attributes->>'accountLinkAction' = 'AUTO'
      and coalesce(jsonb_array_length(r.attributes->'accountLinkGroups'), 0) = 0
      and r.attributes->>'excludesAdmins' is distinct from 'true'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'Whether some identity providers link accounts is not told.' as reason
    from resources r
    where r.type = 'identity_provider' and r.status = 'enabled' and r.attributes->>'accountLinkAction' is null`,
  remediation: [
    'In the identity provider’s settings choose “Exclude admins” for automatic account linking.',
    'Limit linking to the groups of the people who come through it.',
  ],
});
