import { directoryPrivilege, directoryStream } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

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
      ${evidence(fact('Members', `(select count(distinct m.member_id) from memberships m where m.connection_id = p.connection_id and m.group_id = p.id and not exists (select from accounts b where b.connection_id = m.connection_id and b.id = m.member_id and (b.id ~ '-500$' or b.status = 'disabled')))`, 'groups', 'p'), fact('Among them', `(select string_agg(name, ', ') from (select distinct coalesce(a.login, m.member_id) as name from memberships m left join accounts a on a.connection_id = m.connection_id and a.id = m.member_id where m.connection_id = p.connection_id and m.group_id = p.id and not exists (select from accounts b where b.connection_id = m.connection_id and b.id = m.member_id and (b.id ~ '-500$' or b.status = 'disabled')) order by 1 limit 20) named)`, 'groups', 'p'))}
    from groups p
    where lower(p.name) = 'dnsadmins' and (select count(distinct m.member_id) from memberships m where m.connection_id = p.connection_id and m.group_id = p.id and not exists (select from accounts b where b.connection_id = m.connection_id and b.id = m.member_id and (b.id ~ '-500$' or b.status = 'disabled'))) > 0`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'A member of the group is no account that was read.' as reason
    from groups p join memberships m on m.connection_id = p.connection_id and m.group_id = p.id and m.member_kind = 'account' and m.member_id is null
    where lower(p.name) = 'dnsadmins'`,
  remediation: [
    'Empty the group, and delegate the zones that its members edit.',
    'Install the updates that forbid other libraries, if they are missing.',
  ],
});
