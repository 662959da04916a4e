import { defineRule, evidence, fact, subject } from '../rule.ts';

export const adminConsolePhishable = defineRule({
  id: 'admin-console-phishable',
  catalogue: 'O03',
  title: 'Admin Console opens with factors that can be phished',
  summary: 'A rule of the policy that guards the Admin Console does not ask for a phishing-resistant factor.',
  why: 'A fake sign-in page passes on password and code while the administrator types them.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1078.004'],
  needs: ['okta.apps', 'okta.policies'],
  subject: 'policies',
  // Rules that ask for one factor only are told by the rule about those.
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(
        fact('Application', 'r.name', 'resources', 'r'),
        fact(
          'Rules that take other factors',
          `(select string_agg(one->>'name', ', ' order by one->>'name') from jsonb_array_elements(p.settings->'rules') one
            where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'phishingResistant' = 'false')`,
          'policies',
          'p',
        ),
      )}
    from resources r
      join policies p on p.connection_id = r.connection_id and p.id = r.attributes->>'accessPolicyId'
    where r.type = 'application' and r.attributes->>'isAdminConsole' = 'true' and p.status = 'enabled'
      and exists (select from jsonb_array_elements(p.settings->'rules') one
        where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'phishingResistant' = 'false'
          and one->>'oneFactor' is distinct from 'true')`,
  unseen: `
    select r.connection_id, coalesce(p.stream, r.stream) as stream, coalesce(p.id, r.id) as id,
      'Which policy guards the Admin Console, or which factors it takes, is not told.' as reason
    from resources r
      left join policies p on p.connection_id = r.connection_id and p.id = r.attributes->>'accessPolicyId'
    where r.type = 'application' and r.attributes->>'isAdminConsole' = 'true'
      and (p.id is null or exists (select from jsonb_array_elements(p.settings->'rules') one
        where one->>'enabled' = 'true' and one->>'access' = 'ALLOW' and one->>'phishingResistant' is null))`,
  remediation: [
    'Have every administrator enrol a passkey, a security key or FastPass first.',
    'In the policy of the Okta Admin Console require a possession factor that is phishing-resistant.',
    'Remove catch-all rules that allow anything else.',
  ],
});
