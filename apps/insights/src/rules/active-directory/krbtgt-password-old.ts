import { directoryStream } from '../directory.ts';
import { day, defineRule, evidence, fact } from '../rule.ts';

export const krbtgtPasswordOld = defineRule({
  id: 'krbtgt-password-old',
  catalogue: 'AD09',
  title: 'Password of krbtgt is old',
  summary: 'The key that signs every Kerberos ticket of the domain has not been changed for more than 180 days.',
  why: 'Whoever had it once makes tickets for anybody until it is changed twice.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1558.001'],
  needs: [directoryStream('users')],
  subject: 'accounts',
  sql: `
    select a.connection_id, a.stream, a.id, coalesce(a.display_name, a.login, a.id) as label, (-1)::smallint as sensitivity,
      case when a.password_changed_at < s.now - interval '1098 days' then 3 when a.password_changed_at < s.now - interval '366 days' then 2 else 1 end as severity,
      ${evidence(
        fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'),
        fact('Days ago', `extract(day from s.now - a.password_changed_at)`, 'accounts', 'a'),
      )}
    from accounts a cross join settings s where a.id ~ '^S-1-5-21-[0-9-]+-502$' and a.password_changed_at < s.now - interval '180 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'When the password of krbtgt was set may not be read.' as reason
    from accounts a where a.id ~ '^S-1-5-21-[0-9-]+-502$' and a.password_changed_at is null`,
  remediation: [
    'Set the password of krbtgt, wait until every controller has it and the longest ticket has run out (ten hours), and set it once more.',
    'Microsoft’s New-KrbtgtKeys.ps1 checks each step. Do it every 180 days, and at once after a suspicion.',
  ],
});
