import { directoryPrivilege, directoryStream, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const passwordReversible = defineRule({
  id: 'password-reversible',
  catalogue: 'AD13',
  title: 'Password is stored so that it can be read',
  summary: 'The account’s password is stored with reversible encryption.',
  why: 'Whoever reads the database of the domain has the password itself, which is often used elsewhere too.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1003.003'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(flagsFact('a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and ${hasFlags('a')} and ${hasFlag('a', 'ENCRYPTED_TEXT_PWD_ALLOWED')}`,
  unseen: unseenFlags,
  remediation: [
    'Clear “Store password using reversible encryption” on the Account tab.',
    'Set a new password: the old one stays readable until then.',
  ],
});
