import { directoryPrivilege, directoryStream, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const asRepRoastable = defineRule({
  id: 'as-rep-roastable',
  catalogue: 'AD02',
  title: 'Account needs no Kerberos pre-authentication',
  summary: 'Anybody on the network gets an answer that is encrypted with the account’s password, without signing in.',
  why: 'The password can be guessed at home, as fast as machines can count, and nobody sees the attempts.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1558.004'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(flagsFact('a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and ${hasFlags('a')} and ${hasFlag('a', 'DONT_REQ_PREAUTH')}`,
  unseen: unseenFlags,
  remediation: [
    'Clear “Do not require Kerberos preauthentication” on the Account tab of the user, or `Set-ADAccountControl -DoesNotRequirePreAuth $false`.',
    'Then set a new long password: the old one may have been guessed already.',
    'If an old system really needs it, give the account a password of 30 random characters and no privilege.',
  ],
});
