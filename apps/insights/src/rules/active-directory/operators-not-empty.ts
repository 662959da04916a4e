import { directoryPrivilege, directoryStream } from '../directory.ts';
import { memberFacts, unseenMembers, withMembers } from '../group-members.ts';
import { defineRule, evidence, subject } from '../rule.ts';

export const operatorsNotEmpty = defineRule({
  id: 'operators-not-empty',
  catalogue: 'AD23',
  title: 'An operators group has members',
  summary: 'Account, Server, Print or Backup Operators has members.',
  why: 'These groups are from another time: each of them can take over domain controllers.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1078.002'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', '4')},
      ${evidence(...memberFacts('p'))}
    from groups p ${withMembers('p')}
    where p.id ~ '^S-1-5-32-(548|549|550|551)$' and members.number > 0`,
  unseen: unseenMembers(`p.id ~ '^S-1-5-32-(548|549|550|551)$'`),
  remediation: [
    'Empty the group, and delegate exactly what its members need.',
    'A backup of domain controllers runs as an account of Tier 0, and is kept as such.',
  ],
});
