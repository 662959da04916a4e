import { empty, type Resource } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { type CertificateFacts, certificateFacts } from './certificate.ts';
import type { DirectoryClient, Forest } from './client.ts';
import { decode, type Purpose, purposeName } from './decode.ts';
import { firstOf, numberOf, referenceOf, referencesOf, textOf, textsOf, timeOf, valuesOf } from './entry.ts';
import { nothingAround, objects } from './objects.ts';
import { wordsOf } from './words.ts';

const hourly = 3_600_000;
export const publicKeyServices = ({ root }: Forest) =>
  `CN=Public Key Services,CN=Services,${root.configurationNamingContext}`;

const anyPurpose: Purpose = 'Any Purpose';
const requestAgent: Purpose = 'Certificate Request Agent';
const authenticating: readonly Purpose[] = [
  ...(['Client Authentication', 'Smart Card Logon', 'PKINIT Client Authentication'] as const),
];

const nameFlag = 'msPKI-Certificate-Name-Flag';
const enrollmentFlag = 'msPKI-Enrollment-Flag';
const templateAttributes = [
  ...['cn', 'displayName', 'flags', 'revision', 'pKIExtendedKeyUsage', 'msPKI-Certificate-Application-Policy'],
  ...[nameFlag, enrollmentFlag, 'msPKI-Private-Key-Flag', 'msPKI-RA-Signature'],
  ...[
    'msPKI-RA-Application-Policies',
    'msPKI-RA-Policies',
    'msPKI-Certificate-Policy',
    'msPKI-Template-Schema-Version',
  ],
  ...['msPKI-Cert-Template-OID', 'msPKI-Minimal-Key-Size', 'whenCreated', 'whenChanged'],
];

/**
 * A certificate template. `attributes`: `cn` (what enrolment services publish it by), `schemaVersion`, `purposes` (EKUs) and
 * `purposeNames`,
 * `suppliesSubject`, `needsApproval`, `needsDnsName` and `needsEmail` (whose account has none gets no certificate),
 * `signatures` (of enrolment agents that a request needs), `agentPolicies` (what those signatures must be for) and
 * `takesAgents` (a certificate for agents is enough for that), `issuancePolicies` (OIDs), `hasNoSecurityExtension`,
 * `authenticates` (a certificate of it signs in), `isAnyPurpose`, `isAgent`, `isServer`. What is not readable is null.
 */
const toTemplate = (entry: LdapEntry, id: string): Resource => {
  const schemaVersion = numberOf(entry, 'msPKI-Template-Schema-Version');
  const keyUsages = textsOf(entry, 'pKIExtendedKeyUsage');
  // From version 2 on the application policies count where there are any (MS-WCCE 3.2.2.6.2.1.4.5.6).
  const policies = textsOf(entry, 'msPKI-Certificate-Application-Policy');
  const uses = (schemaVersion ?? 1) >= 2 && policies.length > 0 ? policies : keyUsages;
  const purposeNames = uses.map(purposeName);
  const isAnyPurpose = uses.length === 0 || purposeNames.includes(anyPurpose);
  const isFor = (...wanted: readonly Purpose[]) => isAnyPurpose || wanted.some((one) => purposeNames.includes(one));
  const names = decode(entry, [nameFlag, enrollmentFlag]);
  /** Whether one of the bits is set; null where nobody may read them. */
  const has = (attribute: string, ...bits: readonly string[]): boolean | null =>
    names[attribute] === undefined ? null : bits.some((bit) => names[attribute]?.includes(bit));
  const agents = agentPolicies(textsOf(entry, 'msPKI-RA-Application-Policies'));
  return {
    ...empty('resources'),
    id,
    raw: wordsOf(entry, templateAttributes),
    type: 'certificate_template',
    name: textOf(entry, 'displayName') ?? textOf(entry, 'cn'),
    status: 'enabled',
    createdAt: timeOf(entry, 'whenCreated'),
    lastActivityAt: timeOf(entry, 'whenChanged'),
    attributes: {
      cn: textOf(entry, 'cn'),
      dn: referenceOf(entry.dn).dn,
      schemaVersion,
      purposes: [...uses],
      purposeNames,
      suppliesSubject: has(nameFlag, 'ENROLLEE_SUPPLIES_SUBJECT', 'ENROLLEE_SUPPLIES_SUBJECT_ALT_NAME'),
      needsApproval: has(enrollmentFlag, 'PEND_ALL_REQUESTS'),
      needsDnsName: has(
        nameFlag,
        ...['SUBJECT_ALT_REQUIRE_DNS', 'SUBJECT_ALT_REQUIRE_DOMAIN_DNS', 'SUBJECT_REQUIRE_DNS_AS_CN'],
      ),
      needsEmail: has(nameFlag, 'SUBJECT_ALT_REQUIRE_EMAIL', 'SUBJECT_REQUIRE_EMAIL'),
      signatures: numberOf(entry, 'msPKI-RA-Signature'),
      agentPolicies: agents,
      // Issuance policies that the signature must have besides are the matter of those who issue them.
      takesAgents: agents.map(purposeName).includes(requestAgent) && textsOf(entry, 'msPKI-RA-Policies').length === 0,
      issuancePolicies: [...textsOf(entry, 'msPKI-Certificate-Policy')],
      hasNoSecurityExtension: has(enrollmentFlag, 'NO_SECURITY_EXTENSION'),
      authenticates: isFor(...authenticating),
      isAnyPurpose,
      isAgent: isFor(requestAgent),
      isServer: isFor('Server Authentication'),
    },
  };
};

/** OIDs, or from version 4 on one text of fields joined by backquotes, of which only the policies are of interest. */
const agentPolicies = (values: readonly string[]): string[] =>
  values.flatMap((value) => {
    if (!value.includes('`')) return [value];
    const fields = value.split('`');
    const at = fields.indexOf('msPKI-RA-Application-Policies');
    return (fields[at + 2] ?? '').split(',').filter(Boolean);
  });

export const certificateTemplates = objects({
  record: 'resources',
  title: 'Certificate templates',
  everyMs: hourly,
  base: (forest) => `CN=Certificate Templates,${publicKeyServices(forest)}`,
  filter: '(objectClass=pKICertificateTemplate)',
  tombstones: '(objectClass=pKICertificateTemplate)',
  attributes: templateAttributes,
  around: nothingAround,
  toRecord: toTemplate,
});

/** What domain controllers trust: certificates that sign people in, and roots. */
interface Trusted {
  readonly ntAuth: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
  readonly facts: ReadonlyMap<string, CertificateFacts | null>;
}

const readTrusted = (client: DirectoryClient, forest: Forest): Promise<Trusted> =>
  client.once('trusted certificates', async () => {
    const base = publicKeyServices(forest);
    const ntAuth = await client.find({ base: `CN=NTAuthCertificates,${base}`, attributes: ['cACertificate'] });
    const roots: Buffer[] = [];
    const query = {
      base: `CN=Certification Authorities,${base}`,
      scope: 'one' as const,
      filter: '(objectClass=certificationAuthority)',
    };
    for await (const entry of client.entries({ ...query, attributes: ['cACertificate'] }))
      roots.push(...valuesOf(entry, 'cACertificate'));
    const services = {
      base: `CN=Enrollment Services,${base}`,
      scope: 'one' as const,
      filter: '(objectClass=pKIEnrollmentService)',
    };
    const facts = new Map<string, CertificateFacts | null>();
    for await (const entry of client.entries({ ...services, attributes: ['cACertificate'] })) {
      for (const value of valuesOf(entry, 'cACertificate')) facts.set(keyOf(value), await certificateFacts(value));
    }
    return {
      ntAuth: new Set((ntAuth ? valuesOf(ntAuth, 'cACertificate') : []).map(keyOf)),
      roots: new Set((await Promise.all(roots.map(certificateFacts))).flatMap((root) => (root ? [root.subject] : []))),
      facts,
    };
  });

const keyOf = (certificate: Buffer) => certificate.toString('base64');

const serviceAttributes = [
  ...[
    'cn',
    'displayName',
    'dNSHostName',
    'certificateTemplates',
    'cACertificateDN',
    'flags',
    'msPKI-Enrollment-Servers',
  ],
  ...['whenCreated', 'whenChanged'],
];

/**
 * An enrolment service: a certification authority that issues to the domain. `attributes`: `host`, `templates` (their cn),
 * `isInNtAuth` (its certificates sign in), `hasTrustedRoot` (its own, or its issuer’s, certificate is among the roots of
 * the forest), `subject`, `expiresAt`, `thumbprint`, `webServices` (addresses for enrolment over HTTPS).
 */
const toIssuer = (entry: LdapEntry, id: string, trusted: Trusted): Resource => {
  const certificate = firstOf(entry, 'cACertificate');
  const facts = certificate ? (trusted.facts.get(keyOf(certificate)) ?? null) : null;
  return {
    ...empty('resources'),
    id,
    raw: wordsOf(entry, serviceAttributes),
    type: 'enrollment_service',
    name: textOf(entry, 'displayName') ?? textOf(entry, 'cn'),
    status: 'enabled',
    createdAt: timeOf(entry, 'whenCreated'),
    attributes: {
      cn: textOf(entry, 'cn'),
      dn: referenceOf(entry.dn).dn,
      host: textOf(entry, 'dNSHostName'),
      templates: [...textsOf(entry, 'certificateTemplates')],
      isInNtAuth: certificate ? trusted.ntAuth.has(keyOf(certificate)) : null,
      hasTrustedRoot: facts === null ? null : trusted.roots.has(facts.subject) || trusted.roots.has(facts.issuer),
      subject: textOf(entry, 'cACertificateDN'),
      expiresAt: facts?.notAfter?.toISOString() ?? null,
      thumbprint: facts?.thumbprint ?? null,
      webServices: textsOf(entry, 'msPKI-Enrollment-Servers').flatMap((value) =>
        value.split('\n').filter((one) => /^https?:/.test(one)),
      ),
    },
  };
};

export const enrollmentServices = objects({
  record: 'resources',
  title: 'Enrolment services',
  everyMs: hourly,
  base: (forest) => `CN=Enrollment Services,${publicKeyServices(forest)}`,
  filter: '(objectClass=pKIEnrollmentService)',
  tombstones: '(objectClass=pKIEnrollmentService)',
  attributes: [...serviceAttributes, 'cACertificate'],
  around: readTrusted,
  toRecord: toIssuer,
});

const authorityAttributes = ['cn', 'objectClass', 'displayName', 'whenCreated', 'whenChanged'];

/** Trusted roots, NTAuth, AIA and the containers around them: whoever may write these decides what is trusted. */
export const pkiObjects = objects({
  record: 'resources',
  title: 'Certification authorities',
  everyMs: hourly,
  base: publicKeyServices,
  filter: '(|(objectClass=certificationAuthority)(objectClass=container))',
  tombstones: '(|(objectClass=certificationAuthority)(objectClass=container))',
  attributes: authorityAttributes,
  around: nothingAround,
  toRecord: (entry, id): Resource => {
    const { dn } = referenceOf(entry.dn);
    return {
      ...empty('resources'),
      ...{ id, raw: wordsOf(entry, authorityAttributes), status: 'enabled', createdAt: timeOf(entry, 'whenCreated') },
      type: /,CN=Certification Authorities,/i.test(dn) ? 'certification_authority' : 'pki_object',
      name: textOf(entry, 'cn'),
      attributes: { dn, cn: textOf(entry, 'cn') },
    };
  },
});

const oidAttributes = ['cn', 'displayName', 'msPKI-Cert-Template-OID', 'flags', 'msDS-OIDToGroupLink', 'whenCreated'];

/** Issuance policies. `attributes`: `oid`, `groupSid`: whoever signs in with a certificate of it is in that group. */
export const issuancePolicies = objects({
  record: 'resources',
  title: 'Issuance policies',
  everyMs: hourly,
  base: (forest) => `CN=OID,${publicKeyServices(forest)}`,
  filter: '(objectClass=msPKI-Enterprise-Oid)',
  tombstones: '(objectClass=msPKI-Enterprise-Oid)',
  attributes: oidAttributes,
  around: nothingAround,
  toRecord: (entry, id): Resource => ({
    ...empty('resources'),
    ...{ id, raw: wordsOf(entry, oidAttributes), type: 'issuance_policy', status: 'enabled' },
    name: textOf(entry, 'displayName') ?? textOf(entry, 'cn'),
    createdAt: timeOf(entry, 'whenCreated'),
    attributes: {
      dn: referenceOf(entry.dn).dn,
      oid: textOf(entry, 'msPKI-Cert-Template-OID'),
      groupSid: referencesOf(entry, 'msDS-OIDToGroupLink')[0]?.sid ?? null,
    },
  }),
});
