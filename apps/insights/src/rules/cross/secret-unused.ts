import { day, defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const secretUnused = defineRule({
  id: 'secret-unused',
  catalogue: 'X14',
  title: 'Active secret that nothing uses',
  summary: 'A token or key is active and has not been used for 90 days.',
  why: 'Nothing breaks when it is revoked, and nobody notices when somebody else uses it.',
  kind: 'recommendation',
  connectors: ['okta', 'github'],
  severity: 'medium',
  mitre: ['T1078'],
  needs: ['okta.api-tokens', 'github.personal-access-tokens', 'github.deploy-keys'],
  subject: 'credentials',
  // GitHub tells the last use of these; none means never. Okta's is worked out, and may be missing.
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Last used', day('c.last_used_at', 'never'), 'credentials', 'c'),
        fact('Created', day('c.created_at', 'not told'), 'credentials', 'c'),
      )}
    from credentials c cross join settings s
    where c.status = 'active' and c.type in ('api_token', 'pat', 'deploy_key')
      and c.stream <> 'credential-authorizations'
      and (c.last_used_at < s.now - interval '90 days'
        or (c.last_used_at is null and c.created_at < s.now - interval '90 days'
          and c.stream in ('personal-access-tokens', 'deploy-keys')))`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'When some secrets were last used is not known.' as reason
    from credentials c cross join settings s
    where c.status = 'active' and c.type in ('api_token', 'pat', 'deploy_key') and c.last_used_at is null
      and (c.created_at is null or (c.created_at < s.now - interval '90 days'
        and c.stream not in ('personal-access-tokens', 'deploy-keys', 'credential-authorizations')))`,
  remediation: ['Ask its owner what it was for.', 'Revoke it.'],
});
