import { day, defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const writeDeployKeyOld = defineRule({
  id: 'write-deploy-key-old',
  catalogue: 'G08',
  title: 'Old deploy key that may write',
  summary: 'A deploy key may push to its repository and is older than 90 days.',
  why: 'A deploy key belongs to no person, never expires, and is not removed when somebody leaves. Whoever copied it can push.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'medium',
  mitre: ['T1552.004'],
  needs: ['github.deploy-keys', 'github.repositories'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('May', "'write'", 'credentials', 'c'),
        fact('Created', day('c.created_at', 'not told'), 'credentials', 'c'),
        fact('Last used', day('c.last_used_at', 'never'), 'credentials', 'c'),
        fact('Repository', 'coalesce(r.name, c.resource_id, c.id)', 'credentials', 'c'),
      )}
    from credentials c
      cross join settings s
      left join resources r on r.connection_id = c.connection_id and r.id = c.resource_id and r.type = 'repository'
    where c.type = 'deploy_key' and c.status = 'active' and 'write' = any(c.scopes)
      and c.created_at < s.now - interval '90 days' and coalesce(r.status, 'enabled') = 'enabled'`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'What some deploy keys may do, or their age, is not told.' as reason
    from credentials c
    where c.type = 'deploy_key' and c.status = 'active'
      and (cardinality(c.scopes) = 0 or ('write' = any(c.scopes) and c.created_at is null))`,
  remediation: [
    'Replace it by a GitHub App, or by a key that may only read.',
    'Remove the key under the repository’s Settings, Deploy keys.',
  ],
});
