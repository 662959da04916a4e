import { issues, isTrue, needsNoApproval, takesAnyName } from '../../privilege/index.ts';
import { defineAuthorityRule, unseenAuthorities } from '../authorities.ts';
import { fact } from '../rule.ts';
import { enrolls, needsCertificates } from './templates.ts';

/** Templates of it that sign in, in which somebody outside Tier 0 may enrol. */
const within = `from resources s join resources t on ${issues('s', 't')}
  where s.connection_id = p.connection_id and s.id = p.id and t.type = 'certificate_template'
    and ${isTrue('t', 'authenticates')} and ${needsNoApproval('t')} and ${enrolls('t', 's')}`;

export const esc6SubjectInAttributes = defineAuthorityRule({
  id: 'esc6-subject-in-attributes',
  catalogue: 'ESC6',
  title: 'Authority lets every request name somebody else (ESC6)',
  summary:
    'EDITF_ATTRIBUTESUBJECTALTNAME2 is set: whatever the template says, a request may ask for a certificate in any name.',
  why: 'Whoever may enrol in any template that signs in asks for a certificate of a domain administrator; where controllers demand strong mapping, it takes a weak one elsewhere besides.',
  severity: 'critical',
  needs: needsCertificates,
  where: `${takesAnyName('p')} and exists (select ${within})`,
  facts: [
    fact('EditFlags', `'0x' || to_hex((p.settings->>'editFlags')::bigint)`, 'policies', 'p'),
    fact('Templates', `(select string_agg(distinct t.name, ', ') ${within})`, 'policies', 'p'),
  ],
  unseen: unseenAuthorities(
    takesAnyName('p'),
    'Whether an authority takes names from the attributes of requests is not known.',
  ),
  remediation: [
    'On the authority run `certutil -setreg policy\\EditFlags -EDITF_ATTRIBUTESUBJECTALTNAME2`, and start its service anew.',
    'Look through the certificates that were issued with a subject alternative name that the requester chose (events 4886 and 4887).',
  ],
});
