import { directoryPrivilege, directoryStream, hasFlag, isTierZero, listIn } from '../directory.ts';
import { defineRule, subject } from '../rule.ts';

export const constrainedDelegationToTierZero = defineRule({
  id: 'constrained-delegation-to-tier-zero',
  catalogue: 'AD05',
  title: 'Account may act in others’ names towards Tier 0',
  summary: 'An account outside Tier 0 may hand on the tickets of others to a service of a Tier 0 machine.',
  why: 'Whoever holds the account reaches the machine as whoever signed in to it.',
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
      where a.status = 'enabled' and not ${isTierZero('a.connection_id', 'a.id')} and not coalesce(${hasFlag('a', 'TRUSTED_TO_AUTH_FOR_DELEGATION')}, false)
        and exists (
        select from accounts h where h.connection_id = a.connection_id and h.type = 'computer' and ${isTierZero('h.connection_id', 'h.id')}
          and lower(split_part(split_part(target, '/', 2), ':', 1)) in (lower(h.raw->>'dNSHostName'), lower(h.raw->>'cn')))
    ) f group by f.connection_id, f.stream, f.id, f.label, f.sensitivity`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether some accounts are in use is not known.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.status is null and jsonb_typeof(a.raw->'msDS-AllowedToDelegateTo') = 'array'`,
  remediation: [
    'Take the service of the Tier 0 machine out of the Delegation tab.',
    'If the service needs it, treat the account and its machine as Tier 0.',
  ],
});
