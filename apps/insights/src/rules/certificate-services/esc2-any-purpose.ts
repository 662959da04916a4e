import { isTrue } from '../../privilege/index.ts';
import { defineTemplateRule, purposes } from './templates.ts';

export const esc2AnyPurpose = defineTemplateRule({
  id: 'esc2-any-purpose',
  catalogue: 'ESC2',
  title: 'Certificates of a template serve any purpose (ESC2)',
  summary: 'Somebody outside Tier 0 may enrol in a published template whose certificates are good for anything.',
  why: 'They sign requests for others with it, or sign in where nobody expects it.',
  severity: 'high',
  where: isTrue('t', 'isAnyPurpose'),
  facts: [purposes('t')],
  reads: ['isAnyPurpose'],
  remediation: [
    'On the Extensions tab of the template list the application policies that are really needed.',
    'Until then let a manager approve each request, or take Enroll from everybody but those who need it.',
  ],
});
