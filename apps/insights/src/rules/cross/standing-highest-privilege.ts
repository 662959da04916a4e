import { oktaPrivilege } from '../needs.ts';
import { day, defineRule, evidence, fact, labelOf, subject } from '../rule.ts';

export const standingHighestPrivilege = defineRule({
  id: 'standing-highest-privilege',
  catalogue: 'X11',
  title: 'Highest privilege held all the time',
  summary: 'An account holds the highest role without an end, in a system where roles are also granted for a time.',
  why: 'A role that is only there while it is needed cannot be stolen in between.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: oktaPrivilege,
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Role', 'coalesce(r.name, g.role_id)', 'grants', 'g'),
        fact('Held since', day('g.created_at', 'not told'), 'grants', 'g'),
        fact('Ends', "'never'", 'grants', 'g'),
      )}
    from grants g
      join accounts a on a.connection_id = g.connection_id and a.id = g.principal_id
      left join roles r on r.connection_id = g.connection_id and r.id = g.role_id
    where g.principal_kind = 'account' and a.status = 'enabled' and g.privilege = 'highest'
      and coalesce(g.state, 'active') = 'active' and g.expires_at is null
      -- Only where the system can grant for a time, which it shows by having done so.
      and exists (select from grants t where t.connection_id = g.connection_id
        and (t.state = 'eligible' or t.expires_at is not null))`,
  unseen: `
    select g.connection_id, a.stream, a.id, 'The privilege of some roles is not known: ' || ${labelOf('grants', 'g')} as reason
    from grants g join accounts a on a.connection_id = g.connection_id and a.id = g.principal_id
    where g.principal_kind = 'account' and a.status = 'enabled' and g.privilege is null and g.expires_at is null`,
  remediation: [
    'Let the person request the role when it is needed, for as long as it is needed.',
    'Keep two emergency accounts with a standing role, sealed and watched, and accept the finding for those.',
  ],
});
