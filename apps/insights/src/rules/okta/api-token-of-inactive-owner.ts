import { defineRule, evidence, fact, subject } from '../rule.ts';

export const apiTokenOfInactiveOwner = defineRule({
  id: 'api-token-of-inactive-owner',
  catalogue: 'O01',
  title: 'API token of an inactive account',
  summary: 'The account that owns the token is suspended or deactivated.',
  why: 'The token was made by somebody who may not work here any more, and works again the moment the account is reactivated.',
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
        fact('Status of the owner', 'coalesce(o.status_reason, o.status)', 'accounts', 'o'),
      )}
    from credentials t
      join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
    where t.type = 'api_token' and t.status = 'active' and o.status in ('disabled', 'deleted')`,
  unseen: `
    select t.connection_id, t.stream, t.id, 'The owner of some tokens, or the owner’s status, is not known.' as reason
    from credentials t left join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
    where t.type = 'api_token' and t.status = 'active' and o.status is null`,
  remediation: [
    'Find out what uses the token; its name and the System Log tell.',
    'Give that integration an API service app with a key pair and the scopes it needs.',
    'Revoke the token under Security, API, Tokens.',
  ],
});
