import { defineRule, evidence, fact, subject } from '../rule.ts';

/** Repositories that work: archived ones take no push, and empty ones have no branch to protect. */
const working = `join resources r on r.connection_id = p.connection_id and r.id = any(p.targets) and r.type = 'repository'
      and r.status = 'enabled' and r.attributes->>'isEmpty' is distinct from 'true'`;

export const reviewsNotRequired = defineRule({
  id: 'reviews-not-required',
  catalogue: 'G04',
  title: 'Default branch takes changes without a review',
  summary: 'The default branch is protected, but a change needs no pull request or no approval.',
  why: 'One person, or one stolen account, changes what is built and deployed without anybody else looking.',
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
        fact(
          'Approvals required',
          "case when p.settings->>'pullRequestRequired' = 'false' then 'no pull request' else p.settings->>'requiredApprovals' end",
          'policies',
          'p',
        ),
        fact('Repository', "r.name || coalesce(' (' || (r.attributes->>'visibility') || ')', '')", 'resources', 'r'),
      )}
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' = 'true' and (p.settings->>'pullRequestRequired' = 'false' or p.settings->>'requiredApprovals' = '0')`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'How some default branches are protected could not be read.' as reason
    from policies p ${working}
    where p.type = 'branch_protection' and p.settings->>'protected' = 'true' and p.settings->>'pullRequestRequired' is distinct from 'false' and (p.settings->>'pullRequestRequired' is null or p.settings->>'requiredApprovals' is null)`,
  remediation: [
    'Require a pull request with at least one approval in the ruleset of the default branch.',
    'Dismiss approvals when new commits are pushed.',
  ],
});
