import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const tooManySuperAdmins = defineRule({
  id: 'too-many-super-admins',
  catalogue: 'O04',
  title: 'Too many super administrators',
  summary: 'More enabled accounts are super administrators than the tenant allows.',
  why: 'Each of them is a way to lose the organisation, and most of them need a smaller role for what they do.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: oktaPrivilege,
  subject: 'roles',
  sql: `
    select ${subject('roles', 'r')},
      ${evidence(
        fact('Super administrators', 'count(distinct a.id)', 'roles', 'r'),
        fact('Allowed at most', 'max(s.maximum_super_admins)', 'roles', 'r'),
        fact('They are', "left(string_agg(distinct coalesce(a.login, a.id), ', '), 1000)", 'roles', 'r'),
      )}
    from roles r
      join grants g on g.connection_id = r.connection_id and g.role_id = r.id and coalesce(g.state, 'active') = 'active'
      left join memberships m on m.connection_id = g.connection_id and g.principal_kind = 'group'
        and m.group_id = g.principal_id and m.member_kind = 'account'
      join accounts a on a.connection_id = g.connection_id and a.status = 'enabled'
        and a.id = case g.principal_kind when 'account' then g.principal_id when 'group' then m.member_id end
      cross join settings s
    where r.id = 'SUPER_ADMIN'
    group by r.connection_id, r.stream, r.id, r.name
    having count(distinct a.id) > max(s.maximum_super_admins)`,
  remediation: [
    'Give everyone on the list the smallest role that covers what they do.',
    'Keep two to four super administrators, among them sealed emergency accounts.',
    'How many are allowed is a setting of this tenant.',
  ],
});
