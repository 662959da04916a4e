import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const apiTokenOfDormantOwner = defineRule({
  id: 'api-token-of-dormant-owner',
  catalogue: 'O01',
  title: 'API token of a dormant account',
  summary:
    'The account that owns the token is enabled, and nobody has signed in to it for longer than the tenant allows.',
  why: 'Nobody looks after the token: its owner does not see what it does, and would not miss it.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1550.001'],
  needs: ['okta.api-tokens', 'okta.users'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 't', 'o.true_privilege')},
      ${evidence(
        fact('Token', 'coalesce(t.name, t.id)', 'credentials', 't'),
        fact('Last activity of the owner', day('o.last_active_at', 'never'), 'accounts', 'o'),
      )}
    from credentials t
      join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
      cross join settings s
    where t.type = 'api_token' and t.status = 'active' and o.status = 'enabled'
      and coalesce(o.last_active_at, o.created_at) < s.now - make_interval(days => s.dormant_days)`,
  unseen: `
    select t.connection_id, t.stream, t.id, 'The owner of some tokens, or the owner’s last activity, is not known.' as reason
    from credentials t left join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
    where t.type = 'api_token' and t.status = 'active'
      and (o.status is null or coalesce(o.last_active_at, o.created_at) is null)`,
  remediation: [
    'Find out what uses the token; its name and the System Log tell.',
    'Give that integration an API service app of its own, and revoke the token.',
  ],
});
