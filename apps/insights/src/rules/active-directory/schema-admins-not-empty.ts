import { directoryPrivilege, directoryStream } from '../directory.ts';
import { memberFacts, unseenMembers, withMembers } from '../group-members.ts';
import { defineRule, evidence, subject } from '../rule.ts';

export const schemaAdminsNotEmpty = defineRule({
  id: 'schema-admins-not-empty',
  catalogue: 'AD23',
  title: 'Schema Admins has members',
  summary: 'Somebody is permanently in Schema Admins.',
  why: 'The schema is changed once in years; until then the membership only helps intruders.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1078.002'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', '4')},
      ${evidence(...memberFacts('p'))}
    from groups p ${withMembers('p')}
    where p.id ~ '^S-1-5-21-[0-9-]+-518$' and members.number > 0`,
  unseen: unseenMembers(`p.id ~ '^S-1-5-21-[0-9-]+-518$'`),
  remediation: ['Empty the group. Add somebody for the hour in which the schema is changed.'],
});
