import { directoryStream, directoryTruePrivilege, flagsFact, hasFlag, hasFlags, unseenFlags } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const privilegedPasswordNeverExpires = defineRule({
  id: 'privileged-password-never-expires',
  catalogue: 'AD13',
  title: 'Privileged password never expires',
  summary: 'The password of a privileged account never runs out.',
  why: 'Once known it opens the account for as long as it exists.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1110'],
  needs: [directoryStream('users'), ...directoryTruePrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(flagsFact('a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and ${hasFlags('a')} and ${hasFlag('a', 'DONT_EXPIRE_PASSWORD')} and a.true_privilege >= 3`,
  unseen: unseenFlags,
  remediation: [
    'Clear “Password never expires”, or move a service to a group managed service account.',
    'If it must stay, rotate the password by a vault, and note who is responsible.',
  ],
});
