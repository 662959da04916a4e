import {
  directoryPrivilege,
  directoryStream,
  flagsFact,
  hasFlag,
  hasFlags,
  isTierZero,
  unseenFlags,
} from '../directory.ts';
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
      ${evidence(flagsFact('a'), fact('In Protected Users', `'no'`, 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type = 'user' and ${hasFlags('a')} and not ${hasFlag('a', 'NOT_DELEGATED')}
      and ${isTierZero('a.connection_id', 'a.id')} and not exists (
        select from memberships m where m.connection_id = a.connection_id and m.member_id = a.id and m.group_id ~ '-525$')`,
  unseen: unseenFlags,
  remediation: [
    'Set “Account is sensitive and cannot be delegated” on the Account tab.',
    'Better, add the person to Protected Users, once their machines and services do without NTLM and RC4.',
  ],
});
