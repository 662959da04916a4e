import { defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

/** Permissions with which one rules over code and settings. */
const strong = `select one.key, one.value from jsonb_each_text(c.attributes->'permissions') one
  where one.key in ('administration', 'contents', 'workflows', 'organization_administration') and one.value in ('write', 'admin')`;

export const tokenOnAllRepositories = defineRule({
  id: 'token-on-all-repositories',
  catalogue: 'G03',
  title: 'Token that may change every repository',
  summary: 'A fine-grained token has all repositories and may write code, workflows or settings.',
  why: 'A token is copied into scripts and machines. Whoever finds it changes every repository its owner can.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1098.001'],
  needs: ['github.personal-access-tokens'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Repositories', "'all'", 'credentials', 'c'),
        fact('May write', `(select string_agg(key, ', ' order by key) from (${strong}) found)`, 'credentials', 'c'),
      )}
    from credentials c
    where c.type = 'pat' and c.status = 'active' and c.attributes->>'repositorySelection' = 'all' and exists (${strong})`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'To which repositories some tokens reach is not told.' as reason
    from credentials c
    where c.type = 'pat' and c.stream = 'personal-access-tokens' and c.status = 'active' and c.attributes->>'repositorySelection' is null`,
  remediation: [
    'Revoke the token under Settings, Personal access tokens, Active tokens, once its owner has a smaller one.',
    'For machines use a GitHub App instead of a person’s token.',
  ],
});
