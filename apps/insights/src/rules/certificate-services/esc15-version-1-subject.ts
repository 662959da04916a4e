import { isFalse, isTrue } from '../../privilege/index.ts';
import { attribute, defineTemplateRule, purposes } from './templates.ts';

export const esc15Version1Subject = defineTemplateRule({
  id: 'esc15-version-1-subject',
  catalogue: 'ESC15',
  title: 'Template of version 1 takes purposes from the request (ESC15)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template of version 1 whose requester supplies the subject.',
  why: 'Without the correction of CVE-2024-49019 the authority also takes the purposes from the request: any certificate of the template signs in, or signs for others.',
  severity: 'high',
  where: `(t.attributes->>'schemaVersion')::int = 1 and ${isTrue('t', 'suppliesSubject')} and ${isFalse('t', 'authenticates')}`,
  facts: [attribute('Version', 'schemaVersion'), purposes('t')],
  reads: ['suppliesSubject', 'schemaVersion'],
  remediation: [
    'Install the update of November 2024 or later on every certification authority.',
    'Replace the template by a copy of version 2 or later, and stop publishing the old one.',
  ],
});
