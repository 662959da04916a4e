import { directoryStream, directoryTruePrivilege, hasServices, listIn, numberIn } from '../directory.ts';
import { day, defineRule, evidence, fact, levelWord, subject } from '../rule.ts';

export const kerberoastablePrivileged = defineRule({
  id: 'kerberoastable-privileged',
  catalogue: 'AD01',
  title: 'Privileged account with a service principal name',
  summary:
    'Anybody in the domain gets a Kerberos ticket that is encrypted with the password of this privileged account.',
  why: 'The password is guessed at home from the ticket. A person’s password, or one that is older than forty days, seldom stands it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1558.003'],
  needs: [directoryStream('users'), ...directoryTruePrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact(
          'Service principal names',
          `(select string_agg(one, ', ') from ${listIn('a', 'servicePrincipalName')} one)`,
          'accounts',
          'a',
        ),
        fact('True Privilege', levelWord('a.true_privilege'), 'accounts', 'a'),
        fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'),
        fact(
          'Encryption types',
          `coalesce(${numberIn('a', 'msDS-SupportedEncryptionTypes')}::text, 'not set, so RC4 too')`,
          'accounts',
          'a',
        ),
      )}
    from accounts a cross join settings s
    where a.status = 'enabled' and a.type in ('user', 'service') and a.id !~ '-502$' and a.true_privilege >= 3
      and ${hasServices('a')} and coalesce(a.password_changed_at, a.created_at, s.now) < s.now - interval '40 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some accounts may do is undetermined.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and a.status = 'enabled' and a.true_privilege is null`,
  remediation: [
    'Move the service to a group managed service account, whose password is long and changes by itself.',
    'Until then set a password of 30 random characters, and give the account AES encryption only (msDS-SupportedEncryptionTypes 24).',
    'Take the privileged groups from it: a service seldom needs them.',
  ],
});
