import { defineRule, evidence, fact, subject } from '../rule.ts';

export const adminConsoleOneFactor = defineRule({
  id: 'admin-console-one-factor',
  catalogue: 'O03',
  title: 'Admin Console opens with one factor',
  summary: 'A rule of the policy that guards the Admin Console lets people in with a single factor.',
  why: 'One stolen password of an administrator is enough to change the organisation.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: ['okta.apps', 'okta.policies'],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(
        fact('Application', 'r.name', 'resources', 'r'),
        fact(
          'Rules that ask for one factor',
          `(select string_agg(one->>'name', ', ' order by one->>'name') from jsonb_array_elements(p.settings->'rules') one
            where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'oneFactor' = 'true')`,
          'policies',
          'p',
        ),
      )}
    from resources r
      join policies p on p.connection_id = r.connection_id and p.id = r.attributes->>'accessPolicyId'
    where r.type = 'application' and r.attributes->>'isAdminConsole' = 'true' and p.status = 'enabled'
      and exists (select from jsonb_array_elements(p.settings->'rules') one
        where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'oneFactor' = 'true')`,
  unseen: `
    select r.connection_id, coalesce(p.stream, r.stream) as stream, coalesce(p.id, r.id) as id,
      'Which policy guards the Admin Console, or what its rules ask for, is not told.' as reason
    from resources r
      left join policies p on p.connection_id = r.connection_id and p.id = r.attributes->>'accessPolicyId'
    where r.type = 'application' and r.attributes->>'isAdminConsole' = 'true'
      and (p.id is null or exists (select from jsonb_array_elements(p.settings->'rules') one
        where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'oneFactor' is null))`,
  remediation: [
    'Open Security, Authentication policies, and the policy of the Okta Admin Console.',
    'In each rule that is named here, set “User must authenticate with” to two factors, one of them phishing-resistant.',
    'Try it with one administrator before you close your own session.',
  ],
});
