/**
 * What makes a certificate dangerous, in SQL, for rules and for ways alike. `template`, `service` and `policy` are aliases of
 * resources. A fact that nobody could read makes it null, which is not true.
 */
export const isTrue = (resource: string, fact: string): string => `${resource}.attributes->>'${fact}' = 'true'`;
export const isFalse = (resource: string, fact: string): string => `${resource}.attributes->>'${fact}' = 'false'`;

/** What the service issues counts in the domain: it is in NTAuth, below a trusted root. */
export const isTrusted = (service: string): string =>
  `(${isTrue(service, 'isInNtAuth')} and ${isTrue(service, 'hasTrustedRoot')})`;

/** The service publishes the template. */
export const publishes = (service: string, template: string): string => `(
  ${service}.connection_id = ${template}.connection_id and ${service}.type = 'enrollment_service'
  and ${service}.attributes->'templates' ? (${template}.attributes->>'cn'))`;

/** The service issues from the template, and what it issues counts in the domain. */
export const issues = (service: string, template: string): string =>
  `(${publishes(service, template)} and ${isTrusted(service)})`;

/** No agent has to sign a request; templates of version 1 do not know that. */
export const needsNoSignature = (template: string): string => `(
  (${template}.attributes->>'schemaVersion')::int = 1 or (${template}.attributes->>'signatures')::int = 0)`;

/** No manager approves the request, and no agent has to sign it. */
export const needsNoApproval = (template: string): string =>
  `(${isFalse(template, 'needsApproval')} and ${needsNoSignature(template)})`;

/** A certificate of the template signs in, in whatever name its requester writes. */
export const signsInAsAnybody = (template: string): string =>
  `(${isTrue(template, 'authenticates')} and ${isTrue(template, 'suppliesSubject')})`;

/** A certificate of the template is for signing others’ requests, and for little else. */
export const isForAgents = (template: string): string =>
  `(${isTrue(template, 'isAgent')} and ${isFalse(template, 'isAnyPurpose')})`;

/** A certificate of the template signs in, and an agent may request it for another. */
export const takesAgents = (template: string): string => `(
  ${isTrue(template, 'authenticates')} and ${isFalse(template, 'needsApproval')}
  and ((${template}.attributes->>'schemaVersion')::int = 1
    or ((${template}.attributes->>'signatures')::int > 0 and ${isTrue(template, 'takesAgents')})))`;

/** Whoever signs in with a certificate of the template is in the group that the issuance policy is linked to. */
export const carries = (template: string, policy: string): string => `(
  ${policy}.connection_id = ${template}.connection_id and ${policy}.type = 'issuance_policy'
  and ${template}.attributes->'issuancePolicies' ? (${policy}.attributes->>'oid'))`;

/** Rights by which a principal may enrol, in a template or at a service. */
export const enrollingRights: readonly string[] = ['acl:Enroll', 'acl:AllExtendedRights', 'acl:GenericAll'];

/** Rights that change what a template says of the subject, and whether somebody approves; each is one part of control. */
export const templateFlagRights: readonly string[] = ['acl:WritePKINameFlag', 'acl:WritePKIEnrollmentFlag'];
