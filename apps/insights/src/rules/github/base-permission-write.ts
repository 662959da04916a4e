import { defineRule, evidence, fact, subject } from '../rule.ts';

export const basePermissionWrite = defineRule({
  id: 'base-permission-write',
  catalogue: 'G02',
  title: 'Every member may change every repository',
  summary: 'The base permission of the organization is write or admin.',
  why: 'Whoever takes over any member’s account can change all code, also code that member has never worked on.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'high',
  mitre: ['T1213.003'],
  needs: ['github.organization-settings'],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(fact('Base permission', "p.settings->>'defaultRepositoryPermission'", 'policies', 'p'))}
    from policies p
    where p.type = 'organization_settings' and p.settings->>'defaultRepositoryPermission' in ('write', 'admin')`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'GitHub does not tell the base permission.' as reason
    from policies p where p.type = 'organization_settings' and p.settings->>'defaultRepositoryPermission' is null`,
  remediation: [
    'Give the teams write on the repositories they work on.',
    'Then set the base permission to “No permission” or “Read” under Settings, Member privileges.',
  ],
});
