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

export const esc15Version1Subject = defineRule({
  id: 'esc15-version-1-subject',
  catalogue: 'ESC15',
  title: 'Template of version 1 takes purposes from the request (ESC15)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template of version 1 whose requester supplies the subject.',
  why: 'Without the correction of CVE-2024-49019 the authority also takes the purposes from the request: any certificate of the template signs in, or signs for others.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1649'],
  needs: needsCertificates,
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'), fact('Version', `t.attributes->>'schemaVersion'`, 'resources', 't'), fact('Purposes', purposesOf('t'), 'resources', 't'))}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and (t.attributes->>'schemaVersion')::int = 1 and t.attributes->>'suppliesSubject' = 'true' and t.attributes->>'authenticates' = 'false'
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['suppliesSubject', 'schemaVersion']),
  remediation: [
    'Install the update of November 2024 or later on every certification authority.',
    'Replace the template by a copy of version 2 or later, and stop publishing the old one.',
  ],
});
