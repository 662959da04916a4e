import { directoryPrivilege, directoryStream } from '../directory.ts';
import { memberFacts, unseenMembers, withMembers } from '../group-members.ts';
import { defineRule, evidence, subject } from '../rule.ts';

/** Domain Admins, Enterprise Admins and Administrators, each of which is in the next or as good as it. */
const administrators = `q.id ~ '^(S-1-5-21-[0-9-]+-(512|519)|S-1-5-32-544)$'`;

export const tooManyDomainAdmins = defineRule({
  id: 'too-many-domain-admins',
  catalogue: 'AD23',
  title: 'Too many administrators of the domain',
  summary: 'More than ten enabled accounts are in Domain Admins, Enterprise Admins or Administrators.',
  why: 'Each of them is a way to everything. Few people need it, and hardly ever.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1078.002'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'groups',
  sql: `
    select ${subject('groups', 'p', '4')},
      ${evidence(...memberFacts('p'))}
    from groups p ${withMembers('p', administrators)}
    where p.id ~ '^S-1-5-21-[0-9-]+-512$' and members.number > 10`,
  unseen: unseenMembers(`p.id ~ '^S-1-5-21-[0-9-]+-512$'`),
  remediation: [
    'Take out who has not used it for thirty days, and services first.',
    'Give the others a role that is enough, or the membership for the time they need it.',
  ],
});
