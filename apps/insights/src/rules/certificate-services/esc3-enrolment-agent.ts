import { isForAgents, issues, takesAgents } from '../../privilege/index.ts';
import { defineTemplateRule, enrolls, purposes } from './templates.ts';

export const esc3EnrolmentAgent = defineTemplateRule({
  id: 'esc3-enrolment-agent',
  catalogue: 'ESC3',
  title: 'Somebody may request certificates in others’ names (ESC3)',
  summary:
    'Somebody outside Tier 0 may enrol in a template for enrolment agents, and another published template takes requests that an agent signed.',
  why: 'They get an agent’s certificate, sign a request for a domain administrator with it, and sign in as that.',
  severity: 'critical',
  where: `${isForAgents('t')} and exists (
      select from resources target join resources issuer on ${issues('issuer', 'target')}
      where target.connection_id = t.connection_id and target.type = 'certificate_template' and target.id <> t.id
        and ${takesAgents('target')} and ${enrolls('target', 'issuer')})`,
  facts: [purposes('t')],
  reads: ['isAgent'],
  remediation: [
    'Take Enroll on the agent template from everybody but the few who enrol for others.',
    'On the authority, Enrollment Agents tab, say who may enrol for whom, with which template.',
  ],
});
