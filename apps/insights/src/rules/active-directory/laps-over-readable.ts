import { directoryStream, isBroad, principalName } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const lapsOverReadable = defineRule({
  id: 'laps-over-readable',
  catalogue: 'AD11',
  title: 'Password of a local administrator can be read by many',
  summary: 'Everybody, or nearly, may read the password that LAPS set on a machine.',
  why: 'Whoever has an account is administrator of the machine.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1555'],
  needs: [directoryStream('computers'), directoryStream('access-entries')],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '3')},
      ${evidence(fact('Who may read it', principalName('g'), 'grants', 'g'), fact('Machine', `coalesce(a.login, a.id)`, 'accounts', 'a'))}
    from grants g join accounts a on a.connection_id = g.connection_id and a.id = g.resource_id
    where g.role_id = 'acl:ReadLAPSPassword' and coalesce(g.state, 'active') = 'active' and ${isBroad('g.principal_id')} and a.status = 'enabled'`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g where g.role_id = 'acl:ReadLAPSPassword' and g.state = 'eligible' and ${isBroad('g.principal_id')}`,
  remediation: [
    'Find the organisational unit from which the entry comes, and take “All extended rights”, or the right to read the LAPS attributes, from the group.',
    'Have every password changed that could be read: `Reset-LapsPassword`, or let it run out.',
  ],
});
