import { defineRule, evidence, fact, subject } from '../rule.ts';

export const pushProtectionOff = defineRule({
  id: 'push-protection-off',
  catalogue: 'G10',
  title: 'Secrets can be pushed',
  summary: 'Push protection is off for the repository.',
  why: 'A secret is told only after it was pushed, when it has to be taken as known.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'medium',
  mitre: ['T1552.001'],
  needs: ['github.repositories'],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(
        fact('Push protection', "'off'", 'resources', 'r'),
        fact('Visibility', "coalesce(r.attributes->>'visibility', 'not told')", 'resources', 'r'),
      )}
    from resources r where r.type = 'repository' and r.status = 'enabled' and r.attributes->>'secretScanningPushProtection' = 'false'`,
  unseen: `
    select r.connection_id, r.stream, r.id,
      'GitHub tells this only to an app with “Administration: read”, and only where the plan has it.' as reason
    from resources r where r.type = 'repository' and r.status = 'enabled' and r.attributes->>'secretScanningPushProtection' is null`,
  remediation: [
    'Turn on push protection under the repository’s Settings, Code security, or for the whole organization.',
  ],
});
