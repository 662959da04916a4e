import { directoryPrivilege, directoryStream, hasFlag } from '../directory.ts';
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
      ${evidence(fact('userAccountControl', `(select string_agg(flag, ', ') from jsonb_array_elements_text(a.raw->'flags') flag)`, 'accounts', 'a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and jsonb_typeof(a.raw->'flags') = 'array' and ${hasFlag('a', 'ENCRYPTED_TEXT_PWD_ALLOWED')}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and jsonb_typeof(a.raw->'flags') is distinct from 'array'`,
  remediation: [
    'Clear “Store password using reversible encryption” on the Account tab.',
    'Set a new password: the old one stays readable until then.',
  ],
});
