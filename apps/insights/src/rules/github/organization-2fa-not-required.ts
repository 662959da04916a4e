import { defineRule, evidence, fact, subject } from '../rule.ts';

export const organization2faNotRequired = defineRule({
  id: 'organization-2fa-not-required',
  catalogue: 'G01',
  title: 'Organization does not require a second factor',
  summary: 'Members and outside collaborators may belong to the organization without a second factor.',
  why: 'One reused password of one member opens the code that the organization builds on.',
  kind: 'recommendation',
  connectors: ['github'],
  severity: 'critical',
  mitre: ['T1078.004'],
  needs: ['github.organization-settings'],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(fact('Second factor required', "'no'", 'policies', 'p'))}
    from policies p where p.type = 'organization_settings' and p.settings->>'twoFactorRequired' = 'false'`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'GitHub does not tell whether the organization requires a second factor.' as reason
    from policies p where p.type = 'organization_settings' and p.settings->>'twoFactorRequired' is null`,
  remediation: [
    'Tell the members without a second factor to set one up; they are listed under People.',
    'Then turn on “Require two-factor authentication” under Settings, Authentication security. Whoever has none is removed.',
  ],
});
