import { enrollingRights, issues, needsNoApproval, publishes } from '../../privilege/index.ts';
import { directoryPrivilege, directoryStream, isBelowTierZero, principalName } from '../directory.ts';
import { defineRule, evidence, fact, type Rule, subject } from '../rule.ts';
import { certificateRule } from './certificate-rule.ts';

/** What rules about certificates read. */
export const needsCertificates: readonly string[] = [
  directoryStream('certificate-templates'),
  directoryStream('enrolment-services'),
  directoryStream('certificate-access-entries'),
  ...directoryPrivilege,
];

interface TemplateRule extends Omit<Rule, keyof typeof certificateRule | 'needs' | 'subject' | 'sql' | 'unseen'> {
  /** What it reads besides. */
  readonly needs?: readonly string[];
  /** Which templates are meant, of those that are published and need no approval. `t` is the template, `s` a service that issues from it. */
  readonly where: string;
  /** Facts besides who may enrol, and where it is published. */
  readonly facts: readonly string[];
  /** Attributes that `where` reads: what they are must be known. */
  readonly reads: readonly string[];
}

/** A rule about templates in which somebody outside Tier 0 may enrol, and gets the certificate at once. */
export const defineTemplateRule = ({ where, facts, reads, needs = [], ...rule }: TemplateRule): Rule =>
  defineRule({
    ...certificateRule,
    ...rule,
    needs: [...needsCertificates, ...needs],
    subject: 'resources',
    sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), publishedBy('s'), ...facts)}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and ${where} and ${needsNoApproval('t')} and ${enrolls('t', 's')}
    order by t.connection_id, t.stream, t.id, s.id`,
    unseen: unseenTemplates(reads),
  });

const entry = (object: string) => `e.connection_id = ${object}.connection_id and e.resource_id = ${object}.id
  and e.role_id in (${enrollingRights.map((right) => `'${right}'`).join(', ')}) and coalesce(e.state, 'active') = 'active'`;

/** Somebody outside Tier 0 may enrol in the template, and may ask the service: the same, or one of them is everybody. */
export const enrolls = (template: string, service: string): string => `exists (
  select from grants e where ${entry(template)} and ${isBelowTierZero('e')})
  and exists (select from grants e where ${entry(service)} and ${isBelowTierZero('e')})`;

/** Their names, at most ten. */
const whoEnrolls = (template: string): string => `(
  select string_agg(name, ', ') from (
    select distinct ${principalName('e')} as name from grants e where ${entry(template)} and ${isBelowTierZero('e')} order by 1 limit 10) named)`;

export const publishedBy = (service: string): string =>
  fact('Published by', `${service}.name || ' on ' || (${service}.attributes->>'host')`, 'resources', service);

/** What certificates of the template are for, in Microsoft’s words. */
export const purposes = (template: string): string =>
  fact(
    'Purposes',
    `coalesce((select string_agg(one, ', ') from jsonb_array_elements_text(
      coalesce(${template}.attributes->'purposeNames', ${template}.attributes->'purposes')) one), 'Any Purpose')`,
    'resources',
    template,
  );

/** An attribute of the template, as it is. */
export const attribute = (words: string, name: string): string =>
  fact(words, `t.attributes->>'${name}'`, 'resources', 't');

/** Published templates of which a fact could not be read, and those whose authority may not count. */
const unseenTemplates = (facts: readonly string[]): string => `
  select t.connection_id, t.stream, t.id, 'Some facts about a template may not be read.' as reason
  from resources t
  where t.type = 'certificate_template' and (${[...facts, 'needsApproval'].map((name) => `t.attributes->>'${name}' is null`).join(' or ')}
      or t.attributes->>'signatures' is null and (t.attributes->>'schemaVersion')::int is distinct from 1)
    and exists (select from resources s where ${publishes('s', 't')})
  union all
  select t.connection_id, t.stream, t.id, 'Whether the certificates of a service count in the domain is not known.' as reason
  from resources t join resources s on ${publishes('s', 't')}
  where t.type = 'certificate_template' and (s.attributes->>'isInNtAuth' is null or s.attributes->>'hasTrustedRoot' is null)`;
