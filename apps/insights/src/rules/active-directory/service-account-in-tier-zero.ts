import { directoryPrivilege, directoryStream, isTierZero, listIn } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const serviceAccountInTierZero = defineRule({
  id: 'service-account-in-tier-zero',
  catalogue: 'AD23',
  title: 'Service account holds the highest privilege',
  summary: 'An account of a service is a member of a group with the highest privilege.',
  why: 'Its password stands on machines, in files and in tasks: whoever takes one of them takes the domain.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1078.002'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(
        fact(
          'Service principal names',
          `(select string_agg(one, ', ') from ${listIn('a', 'servicePrincipalName')} one)`,
          'accounts',
          'a',
        ),
        fact(
          'Through',
          `(select string_agg(distinct coalesce(p.name, m.group_id), ', ') from memberships m left join groups p on p.connection_id = m.connection_id and p.id = m.group_id
          where m.connection_id = a.connection_id and m.member_id = a.id and ${isTierZero('m.connection_id', 'm.group_id')})`,
          'accounts',
          'a',
        ),
      )}
    from accounts a
    where a.status = 'enabled' and a.type in ('service', 'gmsa', 'smsa', 'dmsa') and a.id !~ '-502$' and ${isTierZero('a.connection_id', 'a.id')}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether a service account is in use is not known.' as reason
    from accounts a where a.type in ('service', 'gmsa', 'smsa', 'dmsa') and a.status is null and ${isTierZero('a.connection_id', 'a.id')}`,
  remediation: [
    'Find out what the service really needs, and delegate that.',
    'If it must stay, run it on machines of Tier 0 only, as a group managed service account.',
  ],
});
