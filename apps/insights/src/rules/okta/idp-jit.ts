import { defineRule, evidence, fact, subject } from '../rule.ts';

export const idpJit = defineRule({
  id: 'idp-jit',
  catalogue: 'O08',
  title: 'Identity provider that makes users by itself',
  summary: 'People who come through an identity provider get a user the first time they sign in.',
  why: 'Whoever controls that provider can make users here, and the groups it names give them access.',
  kind: 'recommendation',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1484.002'],
  needs: ['okta.idps'],
  subject: 'resources',
  // Without groups the new users have only what everybody has, so that is told one step lower.
  sql: `
    select ${subject('resources', 'r')},
      case when coalesce(r.attributes->>'groupsAction', 'NONE') <> 'NONE' then 2 else 1 end as severity,
      ${evidence(
        fact('Makes users', "'at their first sign-in'", 'resources', 'r'),
        fact('Puts them into groups', "coalesce(r.attributes->>'groupsAction', 'NONE')", 'resources', 'r'),
        fact('Kind of provider', "coalesce(r.attributes->>'idpType', 'not told')", 'resources', 'r'),
      )}
    from resources r
    where r.type = 'identity_provider' and r.status = 'enabled' and r.attributes->>'jit' = 'true'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'Whether some identity providers make users is not told.' as reason
    from resources r where r.type = 'identity_provider' and r.status = 'enabled' and r.attributes->>'jit' is null`,
  remediation: [
    'Turn just-in-time provisioning off, and let the directory make users.',
    'Where it is needed, put new users into one group with little access, and filter who may come by their domain.',
  ],
});
