import { defineRule, evidence, fact, subject } from '../rule.ts';

export const runnersForPublicRepositories = defineRule({
  id: 'runners-for-public-repositories',
  catalogue: 'G09',
  title: 'Own machines run workflows of public repositories',
  summary: 'A runner group lets public repositories use the organization’s own machines.',
  why: 'Anybody can propose a change to a public repository, and its workflow then runs inside the organization’s network.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1195.002'],
  needs: ['github.runner-groups'],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(
        fact('Public repositories may use it', "'yes'", 'resources', 'r'),
        fact('Repositories', "coalesce(r.attributes->>'visibility', 'not told')", 'resources', 'r'),
      )}
    from resources r where r.type = 'runner_group' and r.attributes->>'allowsPublicRepositories' = 'true'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'Whether public repositories may use some runner groups is not told.' as reason
    from resources r where r.type = 'runner_group' and r.attributes->>'allowsPublicRepositories' is null`,
  remediation: [
    'Turn off “Allow public repositories” in the runner group under Settings, Actions, Runner groups.',
    'Let public repositories use GitHub’s machines.',
  ],
});
