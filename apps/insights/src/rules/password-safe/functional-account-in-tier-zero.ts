import { defineRule, evidence, fact, levelWord, subject } from '../rule.ts';
import { privilegeElsewhere, vaultConnectors, vaultStreams } from '../vault.ts';

const systems = `(select count(*) from resources r where r.connection_id = a.connection_id and r.type = 'managed_system' and r.attributes->>'functionalAccountId' = a.id)`;

export const functionalAccountInTierZero = defineRule({
  id: 'functional-account-in-tier-zero',
  catalogue: 'B03',
  title: 'Functional account has the highest privilege',
  summary: 'Password Safe changes passwords with an account that can do everything in its directory.',
  why: 'It signs in to every system it works on, and whoever controls one of them can take it over and everything with it.',
  kind: 'recommendation',
  connectors: vaultConnectors,
  severity: 'high',
  mitre: ['T1078.002'],
  needs: vaultStreams('functional-accounts', 'managed-systems'),
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', privilegeElsewhere('a'))},
      ${evidence(
        fact('Account', `coalesce(a.login, a.id)`, 'accounts', 'a'),
        fact('Privilege elsewhere', levelWord(privilegeElsewhere('a')), 'accounts', 'a'),
        fact('Works on (systems)', systems, 'accounts', 'a'),
      )}
    from accounts a
    where a.id like 'functional-account:%' and ${privilegeElsewhere('a')} >= 4`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some functional accounts may do in their directory is not known: connect it.' as reason
    from accounts a
    where a.id like 'functional-account:%' and a.external_ids <> '{}' and ${privilegeElsewhere('a')} is null`,
  remediation: [
    'Make a functional account for each kind of system, with the right to reset passwords there and no other.',
    'Take the old one out of its privileged groups, then change its password.',
  ],
});
