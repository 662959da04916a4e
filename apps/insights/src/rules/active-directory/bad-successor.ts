import { directoryPrivilege, directoryStream, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const badSuccessor = defineRule({
  id: 'bad-successor',
  catalogue: 'AD21',
  title: 'Somebody outside Tier 0 may make delegated managed service accounts',
  summary:
    'An organisational unit or container lets somebody outside Tier 0 make accounts that may declare themselves the successor of any other (BadSuccessor).',
  why: 'On a Windows Server 2025 controller without the correction of CVE-2025-53779 such an account gets the keys of the one it succeeds, whoever that is.',
  kind: 'path',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1068'],
  needs: [directoryStream('access-entries'), directoryStream('containers'), ...directoryPrivilege],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(
        ...whoMay('g'),
        fact('In', `coalesce(r.attributes->>'dn', r.name)`, 'resources', 'r'),
        fact('Schema has delegated accounts', `d.attributes->>'hasDelegatedAccounts'`, 'resources', 'd'),
      )}
    from grants g
      join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type in ('organizational_unit', 'container', 'domain')
      join resources d on d.connection_id = g.connection_id and d.type = 'domain' and d.attributes->>'hasDelegatedAccounts' = 'true'
    where coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      and (g.role_id in ('acl:CreateChild', 'acl:CreateChild:msDS-DelegatedManagedServiceAccount', 'acl:GenericAll', 'acl:WriteDacl', 'acl:WriteOwner', 'acl:Owns'))
      and coalesce(r.attributes->>'dn', '') !~* ',CN=System,DC='`,
  unseen: `
    select d.connection_id, d.stream, d.id, 'Whether the schema knows delegated managed service accounts is not known.' as reason
    from resources d where d.type = 'domain' and d.attributes->>'hasDelegatedAccounts' is null`,
  remediation: [
    'Install the update of August 2025 or later on every Windows Server 2025 controller.',
    'Take the right to make such accounts (“Create msDS-DelegatedManagedServiceAccount objects”, “Create all child objects”) from everybody outside Tier 0.',
  ],
});
