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

export const esc3EnrolmentAgent = defineRule({
  id: 'esc3-enrolment-agent',
  catalogue: 'ESC3',
  title: 'Somebody may request certificates in others’ names (ESC3)',
  summary:
    'Somebody outside Tier 0 may enrol in a template for enrolment agents, and another published template takes requests that an agent signed.',
  why: 'They get an agent’s certificate, sign a request for a domain administrator with it, and sign in as that.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1649'],
  needs: needsCertificates,
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'), fact('Purposes', purposesOf('t'), 'resources', 't'))}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'isAgent' = 'true' and t.attributes->>'isAnyPurpose' = 'false'
      and exists (
        select from resources target join resources issuer on ${issues('issuer', 'target')}
        where target.connection_id = t.connection_id and target.type = 'certificate_template' and target.id <> t.id and target.attributes->>'authenticates' = 'true'
          and target.attributes->>'needsApproval' = 'false' and ${enrolls('target', 'issuer')}
          and ((target.attributes->>'schemaVersion')::int = 1
            or ((target.attributes->>'signatures')::int > 0 and target.attributes->'agentPolicies' ? '1.3.6.1.4.1.311.20.2.1')))
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['isAgent', 'needsApproval']),
  remediation: [
    'Take Enroll on the agent template from everybody but the few who enrol for others.',
    'On the authority, Enrollment Agents tab, say who may enrol for whom, with which template.',
  ],
});
