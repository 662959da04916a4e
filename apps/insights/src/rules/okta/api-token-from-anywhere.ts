import { defineRule, evidence, fact, subject } from '../rule.ts';

export const apiTokenFromAnywhere = defineRule({
  id: 'api-token-from-anywhere',
  catalogue: 'O02',
  title: 'API token that works from any address',
  summary: 'The token is not limited to a network zone.',
  why: 'A token that leaked can be used from wherever it was leaked to.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'medium',
  mitre: ['T1550.001'],
  needs: ['okta.api-tokens', 'okta.users'],
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 't', 'o.true_privilege')},
      ${evidence(
        fact('May connect from', "t.attributes->>'networkConnection'", 'credentials', 't'),
        fact('Owner', 'coalesce(o.login, t.owner_id, o.id)', 'credentials', 't'),
      )}
    from credentials t left join accounts o on o.connection_id = t.connection_id and o.id = t.owner_id
    where t.type = 'api_token' and t.status = 'active' and t.attributes->>'networkConnection' = 'ANYWHERE'`,
  unseen: `
    select t.connection_id, t.stream, t.id, 'Okta does not tell from where some tokens may connect.' as reason
    from credentials t
    where t.type = 'api_token' and t.status = 'active' and t.attributes->>'networkConnection' is null`,
  remediation: [
    'Make a network zone of the addresses the token is used from.',
    'Limit the token to that zone under Security, API, Tokens.',
  ],
});
