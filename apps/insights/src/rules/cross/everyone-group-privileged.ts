import { directoryPrivilege, directoryStream, isBroad } from '../directory.ts';
import { oktaPrivilege } from '../needs.ts';
import { defineRule, evidence, fact, levelNumber, subject } from '../rule.ts';

/** Okta's group of everybody; in a directory the groups that everybody, or nearly, is in by nature. */
const isEveryone = `(p.type = 'builtin' and p.id !~ '^S-1-' or ${isBroad('p.id')})`;
/** The group itself and all that it is in. */
const outerGroups = `(
  with recursive outer_of as (
    select p.id
    union
    select m.group_id from outer_of o join memberships m
      on m.connection_id = p.connection_id and m.member_kind = 'group' and m.member_id = o.id
  ) select id from outer_of)`;

export const everyoneGroupPrivileged = defineRule({
  id: 'everyone-group-privileged',
  catalogue: 'X08',
  title: 'Everyone holds an administrator role',
  summary: 'A group that everybody is in by itself holds an administrator role, or is inside a group that does.',
  why: 'Every new account, also one made by mistake or by an attacker, has that role from its first moment.',
  kind: 'path',
  connectors: ['okta', 'insights-collector'],
  severity: 'critical',
  mitre: ['T1078'],
  needs: [...oktaPrivilege, ...directoryPrivilege, directoryStream('well-known-groups')],
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', levelNumber('coalesce(g.privilege, r.privilege)'))},
      ${evidence(
        fact('Group of everybody', 'p.name', 'groups', 'p'),
        fact(
          'Through',
          'case when o.id <> p.id then coalesce((select outermost.name from groups outermost where outermost.connection_id = p.connection_id and outermost.id = o.id limit 1), o.id) else $$its own role$$ end',
          'groups',
          'p',
        ),
        fact('Role', 'coalesce(r.name, g.role_id)', 'grants', 'g'),
        fact('Privilege of the role', 'coalesce(g.privilege, r.privilege)', 'grants', 'g'),
      )}
    from groups p
      cross join lateral ${outerGroups} o
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = o.id
      left join roles r on r.connection_id = g.connection_id and r.id = g.role_id
    where ${isEveryone} and coalesce(r.type, 'builtin_role') in ('builtin_role', 'custom_role')
      and g.role_id <> 'app_assignment' and coalesce(g.state, 'active') = 'active'
      and coalesce(g.privilege, r.privilege) in ('moderate', 'high', 'highest')`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'The privilege of a role of the group of everybody is not known.' as reason
    from groups p
      cross join lateral ${outerGroups} o
      join grants g on g.connection_id = p.connection_id and g.principal_kind = 'group' and g.principal_id = o.id
      left join roles r on r.connection_id = g.connection_id and r.id = g.role_id
    where ${isEveryone} and coalesce(g.privilege, r.privilege) is null`,
  remediation: [
    'Take the role from the group, or the group out of the one that holds it.',
    'Give it to a group of the few who need it, filled by hand.',
  ],
});
