import { defineRule, evidence, fact, subject } from '../rule.ts';

export const secretScanningOff = defineRule({
  id: 'secret-scanning-off',
  catalogue: 'G10',
  title: 'Secrets in code are not looked for',
  summary: 'Secret scanning is off for the repository.',
  why: 'A key that was committed stays in the history, where everybody who can read the repository finds it.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'medium',
  mitre: ['T1552.001'],
  needs: ['github.repositories'],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(
        fact('Secret scanning', "'off'", 'resources', 'r'),
        fact('Visibility', "coalesce(r.attributes->>'visibility', 'not told')", 'resources', 'r'),
      )}
    from resources r where r.type = 'repository' and r.status = 'enabled' and r.attributes->>'secretScanning' = 'false'`,
  unseen: `
    select r.connection_id, r.stream, r.id,
      'GitHub tells this only to an app with “Administration: read”, and only where the plan has it.' as reason
    from resources r where r.type = 'repository' and r.status = 'enabled' and r.attributes->>'secretScanning' is null`,
  remediation: [
    'Turn on secret scanning under the repository’s Settings, Code security, or for the whole organization by a security configuration.',
    'Revoke what it finds first; then clean up.',
  ],
});
