import { directoryPrivilege, directoryStream, hasFlag, isTierZero } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const adminCanBeDelegated = defineRule({
  id: 'admin-can-be-delegated',
  catalogue: 'AD04',
  title: 'Tier 0 account can be delegated',
  summary:
    'A person of Tier 0 is neither in Protected Users nor marked as sensitive, so services may act in their name.',
  why: 'A server with delegation that they sign in to once can act as them towards everything else.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1558'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(
        fact(
          'userAccountControl',
          `(select string_agg(flag, ', ') from jsonb_array_elements_text(a.raw->'flags') flag)`,
          'accounts',
          'a',
        ),
        fact('In Protected Users', `'no'`, 'accounts', 'a'),
      )}
    from accounts a
    where a.status = 'enabled' and a.type = 'user' and jsonb_typeof(a.raw->'flags') = 'array' and not ${hasFlag('a', 'NOT_DELEGATED')}
      and ${isTierZero('a.connection_id', 'a.id')} and not exists (
        select from memberships m where m.connection_id = a.connection_id and m.member_id = a.id and m.group_id ~ '-525$')`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and jsonb_typeof(a.raw->'flags') is distinct from 'array'`,
  remediation: [
    'Set “Account is sensitive and cannot be delegated” on the Account tab.',
    'Better, add the person to Protected Users, once their machines and services do without NTLM and RC4.',
  ],
});
