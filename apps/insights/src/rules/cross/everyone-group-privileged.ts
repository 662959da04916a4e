import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

export const everyoneGroupPrivileged = defineRule({
  id: 'everyone-group-privileged',
  catalogue: 'X08',
  title: 'Everyone holds an administrator role',
  summary: 'A group that everybody is in by itself holds an administrator role.',
  why: 'Every new account, also one made by mistake or by an attacker, has that role from its first moment.',
  kind: 'path',
  connectors: ['okta'],
  severity: 'critical',
  mitre: ['T1078'],
  needs: oktaPrivilege,
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', levelNumber('coalesce(g.privilege, r.privilege)'))},
      ${evidence(
        fact('Group of everybody', 'p.name', 'groups', 'p'),
        fact('Role', 'coalesce(r.name, g.role_id)', 'grants', 'g'),
        fact('Privilege of the role', 'coalesce(g.privilege, r.privilege)', 'grants', 'g'),
      )}
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
      left join roles r on r.connection_id = g.connection_id and r.id = g.role_id
    where p.type = 'builtin' and coalesce(r.type, 'builtin_role') in ('builtin_role', 'custom_role')
      and g.role_id <> 'app_assignment' and coalesce(g.state, 'active') = 'active'
      and coalesce(g.privilege, r.privilege) in ('moderate', 'high', 'highest')`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'The privilege of a role of the group of everybody is not known.' as reason
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
      left join roles r on r.connection_id = g.connection_id and r.id = g.role_id
    where p.type = 'builtin' and coalesce(g.privilege, r.privilege) is null`,
  remediation: ['Take the role from the group.', 'Give it to a group of the few who need it, filled by hand.'],
});
