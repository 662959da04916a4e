import { directoryPrivilege, directoryStream, listIn } from '../directory.ts';
import { defineRule, subject } from '../rule.ts';

export const delegationToMissingHost = defineRule({
  id: 'delegation-to-missing-host',
  catalogue: 'AD05',
  title: 'Account may act in others’ names towards a machine that does not exist',
  summary: 'The service that delegation names belongs to no machine of the domain any more.',
  why: 'Whoever may write service principal names gives the name to a machine of their own, or to a domain controller, and the delegation leads there.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1558'],
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select f.connection_id, f.stream, f.id, f.label, f.sensitivity, jsonb_build_array(
        jsonb_build_object('fact', 'May act in others’ names towards', 'value', string_agg(f.target, ', ' order by f.target), 'kind', 'accounts',
          'connection', f.connection_id, 'stream', f.stream, 'id', f.id, 'label', f.label)) as evidence
    from (
      select ${subject('accounts', 'a', '4')}, target
      from accounts a cross join lateral ${listIn('a', 'msDS-AllowedToDelegateTo')} as target
      where a.status = 'enabled' and target like '%/%' and not exists (
        select from accounts h where h.connection_id = a.connection_id and h.type in ('computer', 'gmsa', 'service', 'user', 'smsa')
          and (lower(split_part(split_part(target, '/', 2), ':', 1)) in (lower(h.raw->>'dNSHostName'), lower(h.raw->>'cn'))
            or exists (select from ${listIn('h', 'servicePrincipalName')} held where lower(held) = lower(target))))
        and exists (select from accounts h where h.connection_id = a.connection_id and h.type = 'computer')
    ) f group by f.connection_id, f.stream, f.id, f.label, f.sensitivity`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether some accounts are in use is not known.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.status is null and jsonb_typeof(a.raw->'msDS-AllowedToDelegateTo') = 'array'`,
  remediation: [
    'Take the name out of the Delegation tab.',
    'Look who may write service principal names: that right alone is then enough.',
  ],
});
