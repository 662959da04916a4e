import { directoryStream, isTierZero } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { enrolls, issues, needsCertificates, needsNoApproval, unseenTemplates, whoEnrolls } from './templates.ts';

export const esc13PolicyLinkedToGroup = defineRule({
  id: 'esc13-policy-linked-to-group',
  catalogue: 'ESC13',
  title: 'Certificates of a template make their holder a member of a group (ESC13)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose issuance policy is linked to a group of Tier 0.',
  why: 'Whoever signs in with such a certificate has what the group has, without being in it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1649'],
  needs: [...needsCertificates, directoryStream('issuance-policies')],
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(
        fact('Who may enrol', whoEnrolls('t'), 'resources', 't'),
        fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'),
        fact(
          'Group',
          `(select string_agg(coalesce(p.name, o.attributes->>'groupSid'), ', ') from resources o left join groups p on p.connection_id = o.connection_id and p.id = o.attributes->>'groupSid'
          where o.connection_id = t.connection_id and o.type = 'issuance_policy' and t.attributes->'issuancePolicies' ? (o.attributes->>'oid'))`,
          'resources',
          't',
        ),
      )}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'authenticates' = 'true' and exists (
        select from resources o where o.connection_id = t.connection_id and o.type = 'issuance_policy' and t.attributes->'issuancePolicies' ? (o.attributes->>'oid')
          and ${isTierZero('o.connection_id', "o.attributes->>'groupSid'")})
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['authenticates', 'needsApproval']),
  remediation: [
    'Take the link from the issuance policy (msDS-OIDToGroupLink), or the policy from the template.',
    'If the link is wanted, let only those enrol who are in the group anyway.',
  ],
});
