import { issues, templateFlagRights } from '../../privilege/index.ts';
import { controlRights, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { certificateRule } from './certificate-rule.ts';
import { needsCertificates, publishedBy } from './templates.ts';

export const esc4WritableTemplate = defineRule({
  ...certificateRule,
  id: 'esc4-writable-template',
  catalogue: 'ESC4',
  title: 'Somebody outside Tier 0 controls a published template (ESC4)',
  summary: 'The template is owned or can be rewritten by somebody outside Tier 0.',
  why: 'They let requesters choose the subject, get a certificate of an administrator, and put the template back as it was.',
  severity: 'critical',
  needs: needsCertificates,
  subject: 'grants',
  sql: `
    select distinct on (g.connection_id, g.stream, g.id) ${subject('grants', 'g', '4')},
      ${evidence(...whoMay('g'), fact('Template', 't.name', 'resources', 't'), publishedBy('s'))}
    from grants g
      join resources t on t.connection_id = g.connection_id and t.id = g.resource_id and t.type = 'certificate_template'
      join resources s on ${issues('s', 't')}
    where (g.role_id in ${controlRights} or g.role_id in (${templateFlagRights.map((right) => `'${right}'`).join(', ')})) and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type in ('certificate_template')
    where g.state = 'eligible' and g.role_id in ${controlRights} and ${isBelowTierZero('g')}`,
  remediation: [
    'Open the Security tab of the template, leave Full Control and Write to Enterprise Admins, and make them the owner.',
    'Look whether the template was changed (event 4899), and at the certificates that were issued since.',
  ],
});
