import { directoryPrivilege, directoryStream } from '../directory.ts';
import { memberFacts, unseenMembers, withMembers } from '../group-members.ts';
import { defineRule, evidence, subject } from '../rule.ts';

export const dnsAdminsNotEmpty = defineRule({
  id: 'dns-admins-not-empty',
  catalogue: 'AD23',
  title: 'DnsAdmins has members',
  summary: 'Somebody is in DnsAdmins.',
  why: 'Its members make the DNS service of a domain controller load a library of their choice.',
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
    where lower(p.name) = 'dnsadmins' and members.number > 0`,
  unseen: unseenMembers(`lower(p.name) = 'dnsadmins'`),
  remediation: [
    'Empty the group, and delegate the zones that its members edit.',
    'Install the updates that forbid other libraries, if they are missing.',
  ],
});
