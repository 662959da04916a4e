import { day, defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const secretWithoutExpiry = defineRule({
  id: 'secret-without-expiry',
  catalogue: 'X13',
  title: 'Secret that never expires',
  summary: 'An active fine-grained token or client secret has no end.',
  why: 'A secret that leaked works until somebody thinks of revoking it.',
  kind: 'recommendation',
  connectors: ['okta', 'github'],
  severity: 'medium',
  mitre: ['T1552', 'T1078.004'],
  needs: ['okta.app-credentials', 'github.personal-access-tokens'],
  subject: 'credentials',
  // Only where "no end" is what the system says by telling none: other lists leave the end out without meaning that.
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Expires', "'never'", 'credentials', 'c'),
        fact('Created', day('c.created_at', 'not told'), 'credentials', 'c'),
      )}
    from credentials c
    where c.status = 'active' and c.expires_at is null
      and (c.stream = 'personal-access-tokens' and c.type = 'pat' or c.stream = 'app-credentials' and c.type = 'client_secret')`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'Whether some secrets are active is not known.' as reason
    from credentials c
    where c.status is null and c.expires_at is null
      and (c.stream = 'personal-access-tokens' and c.type = 'pat' or c.stream = 'app-credentials' and c.type = 'client_secret')`,
  remediation: [
    'Make a new secret with an end, at most a year away, and replace this one by it.',
    'For applications use a key pair (private_key_jwt) instead of a secret.',
    'In GitHub set a maximum lifetime for fine-grained tokens of the organization.',
  ],
});
