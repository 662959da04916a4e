import { defineRule, evidence, fact, subject } from '../rule.ts';

const rules = `jsonb_array_elements(p.settings->'rules') one
  where one->>'enabled' = 'true' and one->>'access' = 'ALLOW'`;
const minutes = `(one->>'maxSessionIdleMinutes')::numeric`;

export const sessionIdleTooLong = defineRule({
  id: 'session-idle-too-long',
  catalogue: 'O09',
  title: 'Sessions stay open when nobody is there',
  summary: 'A rule of the global session policy ends idle sessions late or never.',
  why: 'A session that is left open, or whose cookie was stolen, goes on working for as long.',
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
          'Rules that end idle sessions late',
          `(select string_agg((one->>'name') || ': ' || case when ${minutes} = 0 then 'no limit' else ${minutes} || ' minutes' end, ', '
              order by one->>'name')
            from ${rules} and (${minutes} > 120 or ${minutes} = 0))`,
          'policies',
          'p',
        ),
        fact('At most', "'120 minutes'", 'policies', 'p'),
      )}
    from policies p
    where p.type = 'sign_on' and p.status = 'enabled'
      and exists (select from ${rules} and (${minutes} > 120 or ${minutes} = 0))`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'How long sessions last is not told for some rules.' as reason
    from policies p
    where p.type = 'sign_on' and p.status = 'enabled' and exists (select from ${rules} and ${minutes} is null)`,
  remediation: [
    'Open Security, Global Session Policy, and the rules that are named here.',
    'Set the maximum idle time to two hours or less, and to 15 minutes for administrators.',
  ],
});
