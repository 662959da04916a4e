import { directoryPrivilege, directoryStream, hasFlag } from '../directory.ts';
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
      ${evidence(
        fact(
          'userAccountControl',
          `(select string_agg(flag, ', ') from jsonb_array_elements_text(a.raw->'flags') flag)`,
          'accounts',
          'a',
        ),
        fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'),
      )}
    from accounts a
    where a.status = 'enabled' and jsonb_typeof(a.raw->'flags') = 'array' and ${hasFlag('a', 'DONT_REQ_PREAUTH')}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and jsonb_typeof(a.raw->'flags') is distinct from 'array'`,
  remediation: [
    'Clear “Do not require Kerberos preauthentication” on the Account tab of the user, or `Set-ADAccountControl -DoesNotRequirePreAuth $false`.',
    'Then set a new long password: the old one may have been guessed already.',
    'If an old system really needs it, give the account a password of 30 random characters and no privilege.',
  ],
});
