import { authorityFact, leavesOutWhose, takesAnyName } from './authorities.ts';
import {
  carries,
  enrollingRights,
  isFalse,
  isForAgents,
  issues,
  isTrue,
  isTrusted,
  needsNoApproval,
  needsNoSignature,
  signsInAsAnybody,
  takesAgents,
} from './templates.ts';

/**
 * One way by which certificates give privilege. `acts` are selects over `certificate_objects` and `certificate_authorities` of
 * `connection_id, kind, stream, id` (what it is about), `words` (what its holder may), `target_id` (the group that it gives;
 * null: the domain, because it signs in as anybody), and `needs`: what a principal must have for it, each one of several
 * rights on objects. Nothing is there of which one fact is not known.
 */
export interface CertificateWay {
  readonly edge: string;
  readonly title: string;
  readonly acts: readonly string[];
}

const rights = (object: string, among: readonly string[]): string =>
  `jsonb_build_object('object', ${object}.id, 'rights', '${JSON.stringify(among)}'::jsonb)`;
const need = (object: string, among: readonly string[]): string => `jsonb_build_array(${rights(object, among)})`;
const toEnroll = (object: string): string => need(object, enrollingRights);

const act = (
  {
    about,
    kind = 'resources',
    words,
    target = 'null::text',
  }: Record<'about' | 'words', string> & Partial<Record<'kind' | 'target', string>>,
  needs: readonly string[],
  from: string,
): string => `
  select ${about}.connection_id, '${kind}' as kind, ${about}.stream, ${about}.id, ${words} as words, ${target} as target_id,
    jsonb_build_array(${needs.join(', ')}) as needs
  from ${from}`;

/**
 * A template, who issues from it, and the authority behind that. One that is known to set every request aside issues nothing
 * at once, whatever the template says.
 */
const issuing = (template: string, service: string, authority: string): string => `
  certificate_objects ${template} join certificate_objects ${service} on ${template}.type = 'certificate_template' and ${issues(service, template)}
    left join certificate_authorities ${authority} on ${authority}.connection_id = ${service}.connection_id and ${authority}.id = ${service}.id`;
const issuesAtOnce = (authority: string): string => `${authorityFact(authority, 'issuesAtOnce')} is not false`;

/** It takes no more from whoever asks than every account has. */
const everyAccountMayAsk = (template: string): string =>
  `(${isFalse(template, 'needsDnsName')} and ${isFalse(template, 'needsEmail')})`;

/** Somebody of the highest privilege has what a certificate of the template needs. Controllers have DNS names. */
const nobodyIsSafe = (template: string): string => `(${isFalse(template, 'needsEmail')} or exists (
  select from accounts a join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
  where a.connection_id = ${template}.connection_id and a.gone_at is null and a.status = 'enabled' and a.email is not null and l.effective = 4))`;

/** No agent of the authority is restricted in whom it asks for, and that is known. */
const restrictsNoAgents = (authority: string): string => `${authority}.settings->'agents' = 'null'::jsonb`;

/** What rewrites a template wholly: the right to change who may do what gives all others. */
const descriptorRights = ['acl:Owns', 'acl:GenericAll', 'acl:WriteDacl', 'acl:WriteOwner'];
const nameFlag = ['acl:WritePKINameFlag', 'acl:GenericWrite'];
const approvalFlag = ['acl:WritePKIEnrollmentFlag', 'acl:GenericWrite'];

const rewriting = (needs: readonly string[], condition: string): string =>
  act(
    { about: 't', words: `'may rewrite ' || t.name || ', then enrol in it as anybody, on ' || s.name` },
    [...needs, toEnroll('s')],
    `${issuing('t', 's', 'p')} where ${issuesAtOnce('p')} and ${condition}`,
  );

export const certificateWays: readonly CertificateWay[] = [
  {
    edge: 'enrol_as_anybody',
    title: 'can get a certificate as anybody in',
    acts: [
      // ESC1
      act(
        { about: 't', words: `'may enrol in ' || t.name || ' as anybody, on ' || s.name` },
        [toEnroll('t'), toEnroll('s')],
        `${issuing('t', 's', 'p')} where ${issuesAtOnce('p')} and ${signsInAsAnybody('t')} and ${needsNoApproval('t')}`,
      ),
      // ESC6. A certificate that says whose it is signs in as nobody else, so this takes one that does not.
      act(
        { about: 't', words: `'may enrol in ' || t.name || ', and ' || s.name || ' takes any name from the request'` },
        [toEnroll('t'), toEnroll('s')],
        `${issuing('t', 's', 'p')} where ${takesAnyName('p')} and ${isTrue('t', 'authenticates')} and ${needsNoApproval('t')}
          and ${everyAccountMayAsk('t')} and (${isTrue('t', 'hasNoSecurityExtension')} or ${leavesOutWhose('p')})`,
      ),
    ],
  },
  {
    edge: 'sign_for_anybody',
    title: 'can sign requests for certificates of anybody in',
    acts: [
      // ESC2 and ESC3. A certificate for any purpose counts as an agent’s only where the template is of version 1.
      act(
        {
          about: 't',
          words: `'may enrol in ' || t.name || ' on ' || s.name || ', and with that in ' || u.name || ' for anybody, on ' || v.name`,
        },
        [toEnroll('t'), toEnroll('s'), toEnroll('u'), toEnroll('v')],
        `${issuing('t', 's', 'p')}
          join (${issuing('u', 'v', 'q')}) on u.connection_id = t.connection_id and u.id <> t.id
        where ${issuesAtOnce('p')} and ${issuesAtOnce('q')} and ${needsNoApproval('t')} and ${everyAccountMayAsk('t')}
          and ${takesAgents('u')} and ${nobodyIsSafe('u')} and ${restrictsNoAgents('q')}
          and ((u.attributes->>'schemaVersion')::int = 1 and (${isForAgents('t')} or ${isTrue('t', 'isAnyPurpose')})
            or (u.attributes->>'signatures')::int = 1 and ${isForAgents('t')})`,
      ),
    ],
  },
  {
    edge: 'rewrite_template',
    title: 'can rewrite a template for certificates as anybody in',
    // ESC4. Whoever may not change who enrols must be among them, and whoever writes but one flag finds the rest as it must be.
    acts: [
      rewriting([need('t', descriptorRights)], 'true'),
      rewriting([need('t', ['acl:GenericWrite']), toEnroll('t')], 'true'),
      rewriting([need('t', nameFlag), toEnroll('t')], `${isTrue('t', 'authenticates')} and ${needsNoApproval('t')}`),
      rewriting([need('t', approvalFlag), toEnroll('t')], `${signsInAsAnybody('t')} and ${needsNoSignature('t')}`),
      rewriting(
        [need('t', nameFlag), need('t', approvalFlag), toEnroll('t')],
        `${isTrue('t', 'authenticates')} and ${needsNoSignature('t')}`,
      ),
    ],
  },
  {
    edge: 'trust_authority',
    title: 'can make an authority of its own trusted in',
    acts: [
      // ESC5. It takes both: to be in NTAuth, and to be below a root that controllers trust.
      act(
        { about: 'n', words: `'may write NTAuthCertificates, and a root that controllers trust'` },
        [
          need('n', [...descriptorRights, 'acl:GenericWrite']),
          `coalesce((select jsonb_agg(case r.type
              when 'certification_authority' then ${rights('r', [...descriptorRights, 'acl:GenericWrite'])}
              else ${rights('r', [...descriptorRights, 'acl:CreateChild'])} end)
            from certificate_objects r where r.connection_id = n.connection_id and (r.type = 'certification_authority'
              or r.type = 'pki_object' and r.attributes->>'cn' = 'Certification Authorities')), '[]'::jsonb)`,
        ],
        `certificate_objects n where n.type = 'pki_object' and n.attributes->>'cn' = 'NTAuthCertificates'`,
      ),
    ],
  },
  {
    edge: 'manage_authority',
    title: 'can have certificates issued as anybody in',
    acts: [
      // ESC7. Whoever manages the authority may also approve, publish templates and let itself enrol, unless roles are kept apart.
      act(
        { about: 'p', kind: 'policies', words: `'manages ' || s.name || ', and may approve any request itself'` },
        [need('s', ['ca:ManageCA'])],
        `certificate_authorities p join certificate_objects s on s.connection_id = p.connection_id and s.id = p.id
          and s.type = 'enrollment_service' and ${isTrusted('s')}
        where not ${authorityFact('p', 'separatesRoles')} and exists (
          select from certificate_objects t where t.connection_id = p.connection_id and t.type = 'certificate_template'
            and ${signsInAsAnybody('t')} and ${needsNoSignature('t')})`,
      ),
    ],
  },
  {
    edge: 'enrol_into_group',
    title: 'can get a certificate that counts as being in',
    acts: [
      // ESC13
      act(
        {
          about: 't',
          words: `'may enrol in ' || t.name || ' with the policy ' || o.name || ', on ' || s.name`,
          target: `o.attributes->>'groupSid'`,
        },
        [toEnroll('t'), toEnroll('s')],
        `${issuing('t', 's', 'p')} join certificate_objects o on ${carries('t', 'o')} and o.attributes->>'groupSid' is not null
        where ${issuesAtOnce('p')} and ${isTrue('t', 'authenticates')} and ${needsNoApproval('t')} and ${everyAccountMayAsk('t')}`,
      ),
    ],
  },
];
