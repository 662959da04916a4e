import { directoryStream, hasServices, listIn, numberIn } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const serviceAccountWithRc4 = defineRule({
  id: 'service-account-with-rc4',
  catalogue: 'AD01',
  title: 'Tickets of a service account are encrypted with RC4',
  summary:
    'The account of a service has a service principal name and does not say that it can do AES, so its tickets may be encrypted with RC4.',
  why: 'A password is guessed from an RC4 ticket many hundred times faster than from an AES ticket.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1558.003'],
  needs: [directoryStream('users')],
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
        fact(
          'Encryption types',
          `coalesce(${numberIn('a', 'msDS-SupportedEncryptionTypes')}::text, 'not set')`,
          'accounts',
          'a',
        ),
        fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'),
      )}
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.status = 'enabled' and a.type in ('user', 'service') and a.id !~ '-502$' and ${hasServices('a')}
      and (coalesce(${numberIn('a', 'msDS-SupportedEncryptionTypes')}, 0) & 24) = 0`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether some accounts are in use is not known.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.status is null and a.type in ('user', 'service') and ${hasServices('a')}`,
  remediation: [
    'Set “This account supports Kerberos AES 128/256 bit encryption” on the Account tab, or msDS-SupportedEncryptionTypes to 24.',
    'Set a new password afterwards: AES keys are only made when a password is set.',
    'Better, move the service to a group managed service account.',
  ],
});
