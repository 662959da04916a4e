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
  connectors: ['okta', 'github'],
  severity: 'high',
  mitre: ['T1078'],
  needs: privilege,
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact(
          'Last activity',
          `case when a.last_login_at is null and a.last_activity_at is null and c.connector = 'okta' then 'never signed in'
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
    where a.status = 'enabled' and a.true_privilege >= 3
      and (a.last_active_at is not null or c.connector = 'okta')
      and coalesce(i.last_active_at, a.last_active_at, a.created_at) < s.now - make_interval(days => s.dormant_days)`,
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
