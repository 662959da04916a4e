import { directoryPrivilege, directoryStream, hasFlag } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const lapsAbsent = defineRule({
  id: 'laps-absent',
  catalogue: 'AD11',
  title: 'Password of the local administrator is not managed',
  summary: 'A Windows machine has no password that LAPS set, and none that runs out.',
  why: 'Local administrators then often have the same password everywhere: one machine opens all.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1555'],
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Operating system', `a.raw->>'operatingSystem'`, 'accounts', 'a'),
        fact('LAPS', `'no password that runs out'`, 'accounts', 'a'),
        fact('Last sign-in', day('a.last_login_at', 'never'), 'accounts', 'a'),
      )}
    from accounts a cross join settings s
    where a.status = 'enabled' and a.type = 'computer' and a.raw->>'operatingSystem' ilike 'windows%'
      and not coalesce(${hasFlag('a', 'SERVER_TRUST_ACCOUNT')}, false) and not coalesce(${hasFlag('a', 'PARTIAL_SECRETS_ACCOUNT')}, false)
      and a.raw->>'ms-Mcs-AdmPwdExpirationTime' is null and a.raw->>'msLAPS-PasswordExpirationTime' is null
      and coalesce(a.last_login_at, a.created_at) > s.now - interval '60 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some machines run is not known.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.status = 'enabled' and a.type = 'computer' and a.raw->>'operatingSystem' is null`,
  remediation: [
    'Switch on Windows LAPS by policy for the organisational unit of the machine (Computer Configuration, Administrative Templates, System, LAPS).',
    'Look after a day whether msLAPS-PasswordExpirationTime is set.',
  ],
});
