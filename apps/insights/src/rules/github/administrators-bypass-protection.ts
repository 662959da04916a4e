import { defineRule, evidence, fact, subject } from '../rule.ts';

/** Repositories that work: archived ones take no push, and empty ones have no branch to protect. */
const working = `join resources r on r.connection_id = p.connection_id and r.id = any(p.targets) and r.type = 'repository'
      and r.status = 'enabled' and r.attributes->>'isEmpty' is distinct from 'true'`;

export const administratorsBypassProtection = defineRule({
  id: 'administrators-bypass-protection',
  catalogue: 'G04',
  title: 'Administrators bypass branch protection',
  summary: 'The protection of the default branch does not hold for administrators of the repository.',
  why: 'Whoever takes over one administrator pushes what they like, past every review.',
  kind: 'path',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1195.002'],
  needs: ['github.branch-protection', 'github.repositories'],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(
        fact('Branch', "coalesce(p.settings->>'branch', 'the default branch')", 'policies', 'p'),
        fact('Holds for administrators', "'no'", 'policies', 'p'),
        fact('Repository', "r.name || coalesce(' (' || (r.attributes->>'visibility') || ')', '')", 'resources', 'r'),
      )}
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' = 'true' and p.settings->>'classic' = 'true' and p.settings->>'enforceAdmins' = 'false'`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'How some default branches are protected could not be read.' as reason
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' = 'true' and p.settings->>'classic' = 'true' and p.settings->>'enforceAdmins' is null`,
  remediation: [
    'Turn on “Do not allow bypassing the above settings” in the branch protection rule.',
    'Or move the protection to a ruleset without bypass actors.',
  ],
});
