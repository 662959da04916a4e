import { signsInAsAnybody } from '../../privilege/index.ts';
import { attribute, defineTemplateRule, purposes } from './templates.ts';

export const esc1RequesterSuppliesSubject = defineTemplateRule({
  id: 'esc1-requester-supplies-subject',
  catalogue: 'ESC1',
  title: 'Requesters choose whose certificate they get (ESC1)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose certificates sign in, and may write any name into the request.',
  why: 'They ask for a certificate in the name of a domain administrator, and sign in as that.',
  severity: 'critical',
  where: signsInAsAnybody('t'),
  facts: [
    attribute('Requester supplies the subject', 'suppliesSubject'),
    attribute('Approval needed', 'needsApproval'),
    purposes('t'),
  ],
  reads: ['suppliesSubject', 'authenticates'],
  remediation: [
    'In the Certificate Templates console open the template, Subject Name, and choose “Build from this Active Directory information”.',
    'If requesters must supply the subject, let a manager approve each request (Issuance Requirements), or take Enroll away from everybody but the people who need it.',
    'Look through the certificates that were issued from it (events 4886 and 4887), and revoke those for names that are not the requester’s.',
  ],
});
