import { carries, isTrue } from '../../privilege/index.ts';
import { directoryStream, isTierZero } from '../directory.ts';
import { fact } from '../rule.ts';
import { defineTemplateRule } from './templates.ts';

export const esc13PolicyLinkedToGroup = defineTemplateRule({
  id: 'esc13-policy-linked-to-group',
  catalogue: 'ESC13',
  title: 'Certificates of a template make their holder a member of a group (ESC13)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose issuance policy is linked to a group of Tier 0.',
  why: 'Whoever signs in with such a certificate has what the group has, without being in it.',
  severity: 'high',
  needs: [directoryStream('issuance-policies')],
  where: `${isTrue('t', 'authenticates')} and exists (
      select from resources o where ${carries('t', 'o')} and ${isTierZero('o.connection_id', "o.attributes->>'groupSid'")})`,
  facts: [
    fact(
      'Group',
      `(select string_agg(coalesce(p.name, o.attributes->>'groupSid'), ', ') from resources o
          left join groups p on p.connection_id = o.connection_id and p.id = o.attributes->>'groupSid'
        where ${carries('t', 'o')})`,
      'resources',
      't',
    ),
  ],
  reads: ['authenticates'],
  remediation: [
    'Take the link from the issuance policy (msDS-OIDToGroupLink), or the policy from the template.',
    'If the link is wanted, let only those enrol who are in the group anyway.',
  ],
});
