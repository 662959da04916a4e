import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const superAdminByGroup = defineRule({
  id: 'super-admin-by-group',
  catalogue: 'O04',
  title: 'Super administrators through a group',
  summary: 'A group holds the role of super administrator, so that its members do.',
  why: 'Who is in the group is decided in more places than who holds a role: by imports, by requests, by owners of the group.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: oktaPrivilege,
  subject: 'groups',
  // Where a rule or another system fills the group, that is a finding of its own.
  sql: `
    select ${subject('groups', 'p', '4')},
      ${evidence(
        fact('Role of the group', 'g.role_id', 'grants', 'g'),
        fact(
          'Members',
          `(select count(*) from memberships m where m.connection_id = p.connection_id and m.group_id = p.id
            and m.member_kind = 'account')`,
          'groups',
          'p',
        ),
      )}
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
    where g.role_id = 'SUPER_ADMIN' and coalesce(g.state, 'active') = 'active' and p.rule is null and p.type = 'group'`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'What kind of group holds the role is not known.' as reason
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
    where g.role_id = 'SUPER_ADMIN' and p.type is null`,
  remediation: [
    'Assign the role to the few people themselves.',
    'Take the role from the group under Security, Administrators.',
  ],
});
