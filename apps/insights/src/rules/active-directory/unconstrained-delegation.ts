import { directoryPrivilege, directoryStream, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const unconstrainedDelegation = defineRule({
  id: 'unconstrained-delegation',
  catalogue: 'AD03',
  title: 'Account is trusted for unconstrained delegation',
  summary: 'Whoever signs in to this account’s service leaves a ticket there that can be used in their name anywhere.',
  why: 'A domain controller can be made to sign in to it. Whoever holds the machine then is that domain controller.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1558', 'T1187'],
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(flagsFact('a'), fact('Last sign-in', day('a.last_login_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and ${hasFlags('a')} and ${hasFlag('a', 'TRUSTED_FOR_DELEGATION')}
      and not ${hasFlag('a', 'SERVER_TRUST_ACCOUNT')} and not ${hasFlag('a', 'PARTIAL_SECRETS_ACCOUNT')}`,
  unseen: unseenFlags,
  remediation: [
    'On the Delegation tab choose constrained delegation to the services it really uses, or resource-based delegation on their side.',
    'Put all privileged people into Protected Users, or set “Account is sensitive and cannot be delegated” on them.',
    'Restart the machine afterwards, so that tickets that it holds are gone.',
  ],
});
