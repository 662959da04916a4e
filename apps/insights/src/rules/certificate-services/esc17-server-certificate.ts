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

export const esc17ServerCertificate = defineRule({
  id: 'esc17-server-certificate',
  catalogue: 'ESC17',
  title: 'Somebody may get a server certificate in any name (ESC17)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template for servers, and may write any name into the request.',
  why: 'They pretend to be any server of the organisation, and machines believe it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1649'],
  needs: needsCertificates,
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'), fact('Purposes', purposesOf('t'), 'resources', 't'))}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'isServer' = 'true' and t.attributes->>'isAnyPurpose' = 'false' and t.attributes->>'suppliesSubject' = 'true' and t.attributes->>'authenticates' = 'false'
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['isServer', 'suppliesSubject', 'needsApproval']),
  remediation: ['Let a manager approve each request, or leave Enroll to those who run servers.'],
});
