import { controlObject, enterGroup, takeOverAccount } from '../../privilege/index.ts';
import { directoryControl, directoryStream, isBroad, isTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const among = (rights: readonly string[]): string => `g.role_id in (${rights.map((right) => `'${right}'`).join(', ')})`;

/** Where the right makes its holder one of Tier 0: what it counts on differs by right. */
const leadsToTierZero = `(
  (${among(takeOverAccount)} and a.id is not null and ${isTierZero('g.connection_id', 'g.resource_id')})
  or (${among(enterGroup)} and p.id is not null and ${isTierZero('g.connection_id', 'g.resource_id')})
  or (${among([...controlObject, 'acl:WriteGPLink'])} and (r.type = 'domain'
    or r.attributes->>'dn' ~* '^(CN=AdminSDHolder,CN=System|OU=Domain Controllers),DC=')))`;

const fromEntries = `from grants g
      left join accounts a on a.connection_id = g.connection_id and a.id = g.resource_id
      left join groups p on p.connection_id = g.connection_id and p.id = g.resource_id
      left join resources r on r.connection_id = g.connection_id and r.id = g.resource_id
    where ${isBroad('g.principal_id')} and ${leadsToTierZero}`;

export const everybodyControlsTierZero = defineRule({
  id: 'everybody-controls-tier-zero',
  catalogue: 'X08',
  title: 'Everybody controls something of Tier 0',
  summary: 'A group that everybody is in, or nearly, may take over an account, a group or an object of Tier 0.',
  why: 'Any account at all, also one that was guessed or made a minute ago, is one step from the whole domain.',
  kind: 'path',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1078', 'T1098'],
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryControl],
  subject: 'grants',
  sql: `
    select distinct on (g.connection_id, g.stream, g.id) ${subject('grants', 'g', '4')},
      ${evidence(
        ...whoMay('g'),
        fact('On', `coalesce(a.login, p.name, r.attributes->>'dn', g.resource_id)`, 'grants', 'g'),
      )}
    ${fromEntries} and coalesce(g.state, 'active') = 'active'`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    ${fromEntries} and g.state = 'eligible'`,
  remediation: [
    'Find where the entry stands: the Advanced page of the Security tab says from which organisational unit it is inherited.',
    'Take it away there. If a few people need the right, give it to a group of those few.',
    'Treat the right as used: look at the changes of the object (event 5136) since the entry was made.',
  ],
});
