import { defineRule, evidence, fact, subject } from '../rule.ts';

const rules = `jsonb_array_elements(p.settings->'rules') one
  where one->>'enabled' = 'true' and one->>'access' = 'ALLOW'`;
const minutes = `(one->>'maxSessionLifetimeMinutes')::numeric`;

export const sessionLifetimeTooLong = defineRule({
  id: 'session-lifetime-too-long',
  catalogue: 'O09',
  title: 'Sessions that last too long',
  summary: 'A rule of the global session policy lets sessions live longer than a working day, or for ever.',
  why: 'A stolen session cookie works until the session ends, whatever happens to the password.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'low',
  mitre: ['T1539'],
  needs: ['okta.policies'],
  subject: 'policies',
  // Zero means that there is no limit.
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(
        fact(
          'Rules that end sessions late',
          `(select string_agg((one->>'name') || ': ' || case when ${minutes} = 0 then 'no limit' else ${minutes} || ' minutes' end, ', '
              order by one->>'name')
            from ${rules} and (${minutes} > 1080 or ${minutes} = 0))`,
          'policies',
          'p',
        ),
        fact('At most', "'1080 minutes'", 'policies', 'p'),
      )}
    from policies p
    where p.type = 'sign_on' and p.status = 'enabled'
      and exists (select from ${rules} and (${minutes} > 1080 or ${minutes} = 0))`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'How long sessions last is not told for some rules.' as reason
    from policies p
    where p.type = 'sign_on' and p.status = 'enabled' and exists (select from ${rules} and ${minutes} is null)`,
  remediation: [
    'Open Security, Global Session Policy, and the rules that are named here.',
    'Set the maximum session lifetime to 18 hours or less.',
  ],
});
