import { defineRule, evidence, fact, subject } from '../rule.ts';

/** Repositories that work: archived ones take no push, and empty ones have no branch to protect. */
const working = `join resources r on r.connection_id = p.connection_id and r.id = any(p.targets) and r.type = 'repository'
      and r.status = 'enabled' and r.attributes->>'isEmpty' is distinct from 'true'`;

export const defaultBranchUnprotected = defineRule({
  id: 'default-branch-unprotected',
  catalogue: 'G04',
  title: 'Default branch without protection',
  summary: 'Everybody who may write can push to the default branch directly, rewrite it, or delete it.',
  why: 'Code reaches what is built and deployed from this branch without anybody having seen it.',
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
        fact('Protected', "'no'", 'policies', 'p'),
        fact('Repository', "r.name || coalesce(' (' || (r.attributes->>'visibility') || ')', '')", 'resources', 'r'),
      )}
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' = 'false'`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'How some default branches are protected could not be read.' as reason
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' is null`,
  remediation: [
    'Make a ruleset for the default branch, best for all repositories of the organization at once.',
    'Require a pull request with a review, and forbid force pushes and deletion.',
  ],
});
