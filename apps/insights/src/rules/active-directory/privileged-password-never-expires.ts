import { directoryStream, directoryTruePrivilege, hasFlag } from '../directory.ts';
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
      ${evidence(fact('userAccountControl', `(select string_agg(flag, ', ') from jsonb_array_elements_text(a.raw->'flags') flag)`, 'accounts', 'a'), fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'service') and jsonb_typeof(a.raw->'flags') = 'array' and ${hasFlag('a', 'DONT_EXPIRE_PASSWORD')} and a.true_privilege >= 3`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The flags of some accounts may not be read.' as reason
    from accounts a join connections c on c.connection_id = a.connection_id and c.connector = 'insights-collector'
    where a.id like 'S-1-%' and coalesce(a.status, 'enabled') = 'enabled' and jsonb_typeof(a.raw->'flags') is distinct from 'array'`,
  remediation: [
    'Clear “Password never expires”, or move a service to a group managed service account.',
    'If it must stay, rotate the password by a vault, and note who is responsible.',
  ],
});
