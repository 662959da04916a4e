import { directoryStream, directoryTruePrivilege } from '../directory.ts';
import { privilege } from '../needs.ts';
import { day, defineRule, evidence, fact, levelWord, subject } from '../rule.ts';

export const dormantPrivilegedAccount = defineRule({
  id: 'dormant-privileged-account',
  catalogue: 'X01',
  title: 'Privileged account that nobody uses',
  summary:
    'An enabled account with high privilege has not been used for longer than the tenant allows, in any system of its identity.',
  why: 'Nobody notices when an unused account is taken over, and its owner would not miss it. Its privilege is a risk without a use.',
  kind: 'recommendation',
  connectors: ['okta', 'github', 'insights-collector'],
  severity: 'high',
  mitre: ['T1078'],
  needs: [...privilege, directoryStream('users'), ...directoryTruePrivilege],
  subject: 'accounts',
  // A domain tells of sign-ins up to 14 days late (lastLogonTimestamp); its built-in Administrator should not be used.
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact(
          'Last activity',
          `case when a.last_login_at is null and a.last_activity_at is null and c.connector <> 'github' then 'never signed in'
            else ${day('coalesce(i.last_active_at, a.last_active_at)', 'never')} end`,
          'accounts',
          'a',
        ),
        fact('Created', day('a.created_at', 'not told'), 'accounts', 'a'),
        fact('True Privilege', levelWord('a.true_privilege'), 'accounts', 'a'),
      )}
    from accounts a
      join connections c using (connection_id)
      cross join settings s
      left join lateral (
        select max(o.last_active_at) as last_active_at from accounts o where o.identity_id = a.identity_id) i on true
    where a.status = 'enabled' and a.true_privilege >= 3 and a.id !~ '^S-1-5-21-[0-9-]+-500$'
      and (a.last_active_at is not null or c.connector = 'okta')
      and coalesce(i.last_active_at, a.last_active_at, a.created_at) < s.now - make_interval(days => s.dormant_days + case when a.id like 'S-1-5-21-%' then 14 else 0 end)`,
  // GitHub tells what people did only where the plan has an audit log.
  unseen: `
    select a.connection_id, a.stream, a.id,
      'When privileged accounts were last active is not known: the audit log is not readable, or has no entry of them.' as reason
    from accounts a join connections c using (connection_id)
    where a.status = 'enabled' and a.true_privilege >= 3 and a.last_active_at is null and (c.connector <> 'okta' or a.created_at is null)`,
  remediation: [
    'Ask the owner of the identity whether the account is still needed.',
    'If not, take its roles away, then disable the account.',
    'If it is an emergency account, accept this finding with an owner and an end, and keep its credentials sealed.',
  ],
});
