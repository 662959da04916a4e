import { directoryStream } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const builtinAdministratorInUse = defineRule({
  id: 'builtin-administrator-in-use',
  catalogue: 'AD22',
  title: 'The built-in Administrator is in use',
  summary: 'The account with RID 500 signed in within the last 35 days.',
  why: 'Nobody can say who it was: it is everybody’s account, it is never locked out, and it is the first one to be guessed.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1078.002'],
  needs: [directoryStream('users')],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '-1')}, ${evidence(fact('Last sign-in', day('a.last_login_at', 'never'), 'accounts', 'a'))}
    from accounts a cross join settings s
    where a.id ~ '^S-1-5-21-[0-9-]+-500$' and a.status = 'enabled' and a.last_login_at > s.now - interval '35 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether the account is in use may not be read.' as reason
    from accounts a where a.id ~ '^S-1-5-21-[0-9-]+-500$' and a.status is null`,
  remediation: [
    'Give every administrator an account of their own, and keep this one for emergencies: a long password in a safe, sign-ins watched.',
    'Find out which service or script still uses it, and move that to an account of its own.',
  ],
});
