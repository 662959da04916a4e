import { isFalse, isTrue } from '../../privilege/index.ts';
import { defineTemplateRule, purposes } from './templates.ts';

export const esc17ServerCertificate = defineTemplateRule({
  id: 'esc17-server-certificate',
  catalogue: 'ESC17',
  title: 'Somebody may get a server certificate in any name (ESC17)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template for servers, and may write any name into the request.',
  why: 'They pretend to be any server of the organisation, and machines believe it.',
  severity: 'medium',
  where: `${isTrue('t', 'isServer')} and ${isFalse('t', 'isAnyPurpose')} and ${isTrue('t', 'suppliesSubject')} and ${isFalse('t', 'authenticates')}`,
  facts: [purposes('t')],
  reads: ['isServer', 'suppliesSubject'],
  remediation: ['Let a manager approve each request, or leave Enroll to those who run servers.'],
});
