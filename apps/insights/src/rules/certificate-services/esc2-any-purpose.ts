import { defineRule, evidence, fact, subject } from '../rule.ts';
import {
  enrolls,
  issues,
  needsCertificates,
  needsNoApproval,
  purposesOf,
  unseenTemplates,
  whoEnrolls,
} from './templates.ts';

export const esc2AnyPurpose = defineRule({
  id: 'esc2-any-purpose',
  catalogue: 'ESC2',
  title: 'Certificates of a template serve any purpose (ESC2)',
  summary: 'Somebody outside Tier 0 may enrol in a published template whose certificates are good for anything.',
  why: 'They sign requests for others with it, or sign in where nobody expects it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1649'],
  needs: needsCertificates,
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'), fact('Purposes', purposesOf('t'), 'resources', 't'))}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'isAnyPurpose' = 'true'
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['isAnyPurpose', 'needsApproval']),
  remediation: [
    'On the Extensions tab of the template list the application policies that are really needed.',
    'Until then let a manager approve each request, or take Enroll from everybody but those who need it.',
  ],
});
