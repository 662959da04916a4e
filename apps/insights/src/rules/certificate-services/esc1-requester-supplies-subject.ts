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

export const esc1RequesterSuppliesSubject = defineRule({
  id: 'esc1-requester-supplies-subject',
  catalogue: 'ESC1',
  title: 'Requesters choose whose certificate they get (ESC1)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose certificates sign in, and may write any name into the request.',
  why: 'They ask for a certificate in the name of a domain administrator, and sign in as that.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1649'],
  needs: needsCertificates,
  subject: 'resources',
  sql: `
    select ${subject('resources', 't', '4')},
      ${evidence(
        fact('Who may enrol', whoEnrolls('t'), 'resources', 't'),
        fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'),
        fact('Requester supplies the subject', `t.attributes->>'suppliesSubject'`, 'resources', 't'),
        fact('Approval needed', `t.attributes->>'needsApproval'`, 'resources', 't'),
        fact('Purposes', purposesOf('t'), 'resources', 't'),
      )}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'suppliesSubject' = 'true' and t.attributes->>'authenticates' = 'true'
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['suppliesSubject', 'needsApproval', 'authenticates']),
  remediation: [
    'In the Certificate Templates console open the template, Subject Name, and choose “Build from this Active Directory information”.',
    'If requesters must supply the subject, let a manager approve each request (Issuance Requirements), or take Enroll away from everybody but the people who need it.',
    'Look through the certificates that were issued from it (events 4886 and 4887), and revoke those for names that are not the requester’s.',
  ],
});
