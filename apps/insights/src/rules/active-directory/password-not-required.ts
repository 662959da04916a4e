import { directoryPrivilege, directoryStream, hasFlag } from '../directory.ts';
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
      ${evidence(fact('userAccountControl', `(select string_agg(flag, ', ') from jsonb_array_elements_text(a.raw->'flags') flag)`, 'accounts', 'a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and jsonb_typeof(a.raw->'flags') = 'array' and ${hasFlag('a', 'PASSWD_NOTREQD')}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and jsonb_typeof(a.raw->'flags') is distinct from 'array'`,
  remediation: [
    'Clear the flag: `Set-ADAccountControl -PasswordNotRequired $false`, then set a password.',
    'Some tools that make accounts set it by mistake: find out which, and mend it.',
  ],
});
