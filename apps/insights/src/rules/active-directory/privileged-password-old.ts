import { directoryPrivilege, directoryStream, isTierZero } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const privilegedPasswordOld = defineRule({
  id: 'privileged-password-old',
  catalogue: 'AD23',
  title: 'Password of a Tier 0 person is old',
  summary: 'A person of Tier 0 has not changed their password for more than 180 days.',
  why: 'The longer it lives the more often it was typed, stored and seen.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1078.002'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '-1')}, ${evidence(fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a cross join settings s
    where a.status = 'enabled' and a.type = 'user' and a.id !~ '-502$' and ${isTierZero('a.connection_id', 'a.id')}
      and a.password_changed_at < s.now - interval '180 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'When the password of an account of Tier 0 was set may not be read, or it must be changed at the next sign-in.' as reason
    from accounts a where a.status = 'enabled' and a.type = 'user' and a.password_changed_at is null and a.id like 'S-1-5-21-%' and ${isTierZero('a.connection_id', 'a.id')}`,
  remediation: [
    'Have the person set a new password now.',
    'Better, let them sign in with a smart card or a key, and rotate the password by a vault.',
  ],
});
