import { directoryPrivilege, directoryStream, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const passwordNotRequired = defineRule({
  id: 'password-not-required',
  catalogue: 'AD13',
  title: 'Account may have an empty password',
  summary: 'The account does not have to have a password, whatever the policy says.',
  why: 'Nobody notices when it is empty.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1110'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(flagsFact('a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and ${hasFlags('a')} and ${hasFlag('a', 'PASSWD_NOTREQD')}
      -- The accounts of trusts are made so, and have keys of their own.
      and not ${hasFlag('a', 'INTERDOMAIN_TRUST_ACCOUNT')}`,
  unseen: unseenFlags,
  remediation: [
    'Clear the flag: `Set-ADAccountControl -PasswordNotRequired $false`, then set a password.',
    'Some tools that make accounts set it by mistake: find out which, and mend it.',
  ],
});
