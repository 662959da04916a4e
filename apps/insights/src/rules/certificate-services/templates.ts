import { directoryPrivilege, directoryStream, isBelowTierZero, principalName } from '../directory.ts';

/** What rules about certificates read. */
export const needsCertificates: readonly string[] = [
  directoryStream('certificate-templates'),
  directoryStream('enrolment-services'),
  directoryStream('certificate-access-entries'),
  ...directoryPrivilege,
];

/** The service issues from the template, and what it issues counts in the domain: it is in NTAuth, below a trusted root. */
export const issues = (service: string, template: string): string => `(
  ${service}.connection_id = ${template}.connection_id and ${service}.type = 'enrollment_service'
  and ${service}.attributes->'templates' ? (${template}.attributes->>'cn')
  and ${service}.attributes->>'isInNtAuth' = 'true' and ${service}.attributes->>'hasTrustedRoot' = 'true')`;

/** No manager approves the request, and no agent has to sign it; templates of version 1 know neither signatures. */
export const needsNoApproval = (template: string): string => `(
  ${template}.attributes->>'needsApproval' = 'false'
  and (coalesce((${template}.attributes->>'signatures')::int, 0) = 0 or (${template}.attributes->>'schemaVersion')::int = 1))`;

const enrolling = `('acl:Enroll', 'acl:AllExtendedRights', 'acl:GenericAll')`;

const entry = (object: string) => `e.connection_id = ${object}.connection_id and e.resource_id = ${object}.id
  and e.role_id in ${enrolling} and coalesce(e.state, 'active') = 'active'`;

/** Somebody outside Tier 0 may enrol in the template, and may ask the service: the same, or one of them is everybody. */
export const enrolls = (template: string, service: string): string => `exists (
  select from grants e where ${entry(template)} and ${isBelowTierZero('e')})
  and exists (select from grants e where ${entry(service)} and ${isBelowTierZero('e')})`;

/** Their names, at most ten. */
export const whoEnrolls = (template: string): string => `(
  select string_agg(name, ', ') from (
    select distinct ${principalName('e')} as name from grants e where ${entry(template)} and ${isBelowTierZero('e')} order by 1 limit 10) named)`;

/** What certificates of the template are for, in Microsoft's words. */
export const purposesOf = (template: string): string => `coalesce((
  select string_agg(one, ', ') from jsonb_array_elements_text(
    coalesce(${template}.attributes->'purposeNames', ${template}.attributes->'purposes')) one), 'Any Purpose')`;

/** Published templates of which a fact could not be read, and those whose entries are conditional. */
export const unseenTemplates = (facts: readonly string[]): string => `
  select t.connection_id, t.stream, t.id, 'Some facts about a template may not be read.' as reason
  from resources t
  where t.type = 'certificate_template' and (${facts.map((name) => `t.attributes->>'${name}' is null`).join(' or ')})
    and exists (select from resources s where s.connection_id = t.connection_id and s.type = 'enrollment_service'
      and s.attributes->'templates' ? (t.attributes->>'cn'))
  union all
  select t.connection_id, t.stream, t.id, 'Whether the certificates of a service count in the domain is not known.' as reason
  from resources t join resources s on s.connection_id = t.connection_id and s.type = 'enrollment_service'
    and s.attributes->'templates' ? (t.attributes->>'cn')
  where t.type = 'certificate_template' and (s.attributes->>'isInNtAuth' is null or s.attributes->>'hasTrustedRoot' is null)`;
