import { day, defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const secretOlderThanAllowed = defineRule({
  id: 'secret-older-than-allowed',
  catalogue: 'X13',
  title: 'Secret that has not been replaced for long',
  summary: 'An active token or key is older than 90 days, or a client secret older than 180.',
  why: 'The longer a secret lives, the more copies of it there are: in scripts, in backups, with people who have left.',
  kind: 'recommendation',
  connectors: ['okta', 'github'],
  severity: 'medium',
  mitre: ['T1552', 'T1078.004'],
  needs: ['okta.api-tokens', 'okta.app-credentials', 'github.personal-access-tokens', 'github.deploy-keys'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Created', day('c.created_at', 'not told'), 'credentials', 'c'),
        fact(
          'Replaced after at most',
          "case when c.type = 'client_secret' then '180 days' else '90 days' end",
          'credentials',
          'c',
        ),
      )}
    from credentials c cross join settings s
    where c.status = 'active' and c.type in ('api_token', 'client_secret', 'pat', 'deploy_key')
      and c.created_at < s.now - make_interval(days => case when c.type = 'client_secret' then 180 else 90 end)`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'When some secrets were created is not known.' as reason
    from credentials c
    where c.status = 'active' and c.type in ('api_token', 'client_secret', 'pat', 'deploy_key') and c.created_at is null`,
  remediation: [
    'Make a new secret, put it where the old one is used, and see that it works.',
    'Then revoke the old one.',
    'Where the system can do it, replace the secret by short-lived tokens or a key pair that never leaves its machine.',
  ],
});
