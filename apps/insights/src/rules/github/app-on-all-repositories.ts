import { defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

/** Permissions with which one rules over code and settings. */
const strong = `select one.key, one.value from jsonb_each_text(c.attributes->'permissions') one
  where one.key in ('administration', 'contents', 'workflows', 'organization_administration') and one.value in ('write', 'admin')`;

export const appOnAllRepositories = defineRule({
  id: 'app-on-all-repositories',
  catalogue: 'G03',
  title: 'App that may change every repository',
  summary: 'An installed app has all repositories and may write code, workflows or settings.',
  why: 'Whoever breaks into the maker of the app, or finds its key, changes every repository at once.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1098.001'],
  needs: ['github.installations'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', levelNumber('c.privilege'))},
      ${evidence(
        fact('Repositories', "'all'", 'credentials', 'c'),
        fact('May write', `(select string_agg(key, ', ' order by key) from (${strong}) found)`, 'credentials', 'c'),
      )}
    from credentials c
    where c.type = 'app_installation' and c.status = 'active' and c.attributes->>'repositorySelection' = 'all' and exists (${strong})`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'To which repositories some apps reach is not told.' as reason
    from credentials c
    where c.type = 'app_installation' and c.stream = 'installations' and c.status = 'active' and c.attributes->>'repositorySelection' is null`,
  remediation: [
    'Open Settings, GitHub Apps, and the app; choose “Only select repositories”.',
    'Ask the maker for a version that needs less, or remove the app.',
  ],
});
