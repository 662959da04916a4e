import { controlRights, directoryPrivilege, directoryStream, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const policyReachingTierZeroWritable = defineRule({
  id: 'policy-reaching-tier-zero-writable',
  catalogue: 'AD15',
  title: 'Somebody outside Tier 0 may write a policy of the domain controllers',
  summary:
    'A group policy that is linked to the domain or to its controllers is controlled by somebody outside Tier 0.',
  why: 'What they write into it runs on the domain controllers as SYSTEM within ninety minutes.',
  kind: 'path',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1484.001'],
  needs: [
    directoryStream('access-entries'),
    directoryStream('group-policies'),
    directoryStream('containers'),
    ...directoryPrivilege,
  ],
  subject: 'grants',
  sql: `
    select distinct on (g.connection_id, g.stream, g.id) ${subject('grants', 'g', '4')},
      ${evidence(
        ...whoMay('g'),
        fact('Policy', 'p.name', 'resources', 'p'),
        fact('Linked to', `coalesce(o.attributes->>'dn', o.name)`, 'resources', 'o'),
      )}
    from grants g
      join resources p on p.connection_id = g.connection_id and p.id = g.resource_id and p.type = 'group_policy' and coalesce(p.status, 'enabled') = 'enabled'
      join resources o on o.connection_id = p.connection_id
        and (o.type = 'domain' or (o.type = 'organizational_unit' and o.attributes->>'dn' ~* '^OU=Domain Controllers,DC='))
      cross join lateral jsonb_array_elements(case when jsonb_typeof(o.attributes->'links') = 'array' then o.attributes->'links' else '[]' end) link
    where g.role_id in ${controlRights} and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      and link->>'policy' = p.attributes->>'policy' and coalesce(link->>'isDisabled', 'false') <> 'true'`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry of a policy counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g join resources p on p.connection_id = g.connection_id and p.id = g.resource_id and p.type = 'group_policy'
    where g.role_id in ${controlRights} and g.state = 'eligible' and ${isBelowTierZero('g')}`,
  remediation: [
    'In Group Policy Management open the policy, Delegation, and leave “Edit settings” to Tier 0 only; make Domain Admins its owner.',
    'Or link a policy of its own to the controllers, and block inheritance from above for what others write.',
  ],
});
