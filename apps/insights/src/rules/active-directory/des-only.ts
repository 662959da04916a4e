import { directoryPrivilege, directoryStream, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const desOnly = defineRule({
  id: 'des-only',
  catalogue: 'AD13',
  title: 'Account signs in with DES',
  summary: 'The account may use DES only, which is broken for decades.',
  why: 'A ticket is decrypted within hours.',
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
    where a.status = 'enabled' and a.type in ('user', 'service') and ${hasFlags('a')} and ${hasFlag('a', 'USE_DES_KEY_ONLY')}`,
  unseen: unseenFlags,
  remediation: ['Clear “Use only Kerberos DES encryption types” on the Account tab, then set a new password.'],
});
