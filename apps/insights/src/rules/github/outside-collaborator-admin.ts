import { defineRule, evidence, fact, levelNumber } from '../rule.ts';

export const outsideCollaboratorAdmin = defineRule({
  id: 'outside-collaborator-admin',
  catalogue: 'G07',
  title: 'Outside collaborator who administers a repository',
  summary: 'Somebody who is no member of the organization has the role admin or maintain on a repository.',
  why: 'The organization’s rules about single sign-on and leaving do not hold for them, and an administrator can undo the rules of the repository.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1199'],
  needs: ['github.outside-collaborators', 'github.collaborators', 'github.repositories'],
  subject: 'accounts',
  sql: `
    select a.connection_id, a.stream, a.id, coalesce(a.display_name, a.login, a.id) as label,
      coalesce(a.true_privilege, max(${levelNumber('g.privilege')}))::smallint as sensitivity,
      ${evidence(
        fact('Account', "'outside collaborator'", 'accounts', 'a'),
        fact(
          'Administers',
          "left(string_agg(coalesce(r.name, g.resource_id) || ' (' || replace(g.role_id, 'repository-role:', '') || ')', ', ' order by r.name), 1000)",
          'accounts',
          'a',
        ),
      )}
    from accounts a
      join grants g on g.connection_id = a.connection_id and g.principal_kind = 'account' and g.principal_id = a.id
      left join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type = 'repository'
    where a.status = 'enabled' and a.type = 'guest' and coalesce(r.status, 'enabled') = 'enabled'
      and g.role_id in ('repository-role:admin', 'repository-role:maintain')
    group by a.connection_id, a.stream, a.id, a.display_name, a.login, a.true_privilege`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The role of some outside collaborators is not told.' as reason
    from accounts a
      join grants g on g.connection_id = a.connection_id and g.principal_kind = 'account' and g.principal_id = a.id
    where a.status = 'enabled' and a.type = 'guest' and g.role_id is null`,
  remediation: [
    'Give the person write or triage, which is enough to work.',
    'If they do administer it, make them a member, so that single sign-on and offboarding hold for them.',
  ],
});
