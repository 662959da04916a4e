import { authorityFact, needsAuthorities, unseenAuthorities } from '../authorities.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { enrolls, issues, needsCertificates } from './templates.ts';

const takes = authorityFact('p', 'takesSubjectsFromAttributes');
const issuesAtOnce = authorityFact('p', 'issuesAtOnce');
/** Templates of it that sign in, in which somebody outside Tier 0 may enrol. */
const within = `from resources t where t.connection_id = s.connection_id and t.type = 'certificate_template'
  and t.attributes->>'authenticates' = 'true' and ${issues('s', 't')} and ${enrolls('t', 's')}`;

export const esc6SubjectInAttributes = defineRule({
  id: 'esc6-subject-in-attributes',
  catalogue: 'ESC6',
  title: 'Authority lets every request name somebody else (ESC6)',
  summary:
    'EDITF_ATTRIBUTESUBJECTALTNAME2 is set: whatever the template says, a request may ask for a certificate in any name.',
  why: 'Whoever may enrol in any template that signs in asks for a certificate of a domain administrator; where controllers demand strong mapping, it takes a weak one elsewhere besides.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1649'],
  needs: [...new Set([...needsAuthorities, ...needsCertificates])],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')},
      ${evidence(
        fact('EditFlags', `'0x' || to_hex((p.settings->>'editFlags')::bigint)`, 'policies', 'p'),
        fact('Runs on', `coalesce(nullif(p.settings->>'host', ''), 'a machine without a name')`, 'policies', 'p'),
        fact('Templates', `(select string_agg(distinct t.name, ', ') ${within})`, 'resources', 's'),
      )}
    from policies p join resources s on s.connection_id = p.connection_id and s.id = p.id and s.type = 'enrollment_service'
    where p.type = 'certification_authority' and ${takes} and ${issuesAtOnce} and exists (select ${within})`,
  unseen: unseenAuthorities(
    `(${takes} and ${issuesAtOnce})`,
    'Whether an authority takes names from the attributes of requests is not known.',
  ),
  remediation: [
    'On the authority run `certutil -setreg policy\\EditFlags -EDITF_ATTRIBUTESUBJECTALTNAME2`, and start its service anew.',
    'Look through the certificates that were issued with a subject alternative name that the requester chose (events 4886 and 4887).',
  ],
});
