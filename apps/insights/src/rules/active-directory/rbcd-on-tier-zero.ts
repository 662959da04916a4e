import { directoryPrivilege, directoryStream, isBelowTierZero, isTierZero, principalName } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const rbcdOnTierZero = defineRule({
  id: 'rbcd-on-tier-zero',
  catalogue: 'AD06',
  title: 'Somebody may act as anybody towards a Tier 0 machine',
  summary:
    'An account outside Tier 0 stands in the list of those who may act in others’ names towards a Tier 0 machine (resource-based delegation).',
  why: 'It signs in there as a domain administrator, whenever it likes.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1134.001'],
  needs: [directoryStream('computers'), directoryStream('access-entries'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(fact('Who may act as anybody', principalName('g'), 'grants', 'g'))}
    from accounts a join grants g on g.connection_id = a.connection_id and g.resource_id = a.id and g.role_id = 'acl:AllowedToAct'
    where a.status = 'enabled' and coalesce(g.state, 'active') = 'active' and ${isTierZero('a.connection_id', 'a.id')} and ${isBelowTierZero('g')}`,
  unseen: `
    select g.connection_id, a.stream, a.id, 'An entry depends on a condition that nobody can evaluate here.' as reason
    from accounts a join grants g on g.connection_id = a.connection_id and g.resource_id = a.id and g.role_id = 'acl:AllowedToAct'
    where g.state = 'eligible' and ${isTierZero('a.connection_id', 'a.id')}`,
  remediation: [
    'Clear msDS-AllowedToActOnBehalfOfOtherIdentity of the machine: `Set-ADComputer -PrincipalsAllowedToDelegateToAccount $null`.',
    'Find out who wrote it (event 5136), and treat the machine as taken.',
  ],
});
