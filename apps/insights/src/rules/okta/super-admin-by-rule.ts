import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const superAdminByRule = defineRule({
  id: 'super-admin-by-rule',
  catalogue: 'O04',
  title: 'Super administrators chosen by a rule or another system',
  summary: 'A group that a membership rule or an imported directory fills holds the role of super administrator.',
  why: 'Whoever edits an attribute, or administers the directory, makes super administrators without touching a role.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004', 'T1098.003'],
  needs: oktaPrivilege,
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', '4')},
      ${evidence(
        fact('Role of the group', 'g.role_id', 'grants', 'g'),
        fact(
          'Filled by',
          `case when p.rule is not null then 'rule: ' || left(p.rule, 500)
            else 'another system: ' || coalesce(p.attributes->>'sourceAppId', p.type) end`,
          'groups',
          'p',
        ),
      )}
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
    where g.role_id = 'SUPER_ADMIN' and coalesce(g.state, 'active') = 'active' and (p.rule is not null or p.type = 'app_group')`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'What fills the group that holds the role is not known.' as reason
    from groups p
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = p.id
    where g.role_id = 'SUPER_ADMIN' and p.rule is null and p.type is null`,
  remediation: [
    'Assign the role to the few people themselves, or to a group that is filled by hand.',
    'Take the role from this group under Security, Administrators.',
  ],
});
