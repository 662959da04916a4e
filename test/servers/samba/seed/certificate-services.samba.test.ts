import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowEntries } from '../descriptor-entries.ts';
import { type Domain, noSamba, startDomain } from '../domain.ts';
import { ldapSearch, type Question, text, texts } from '../ldap-tools.ts';
import { enrolmentServiceDn, enrolmentServices, templateDn } from './certificate-services.ts';
import { groupDn, groups } from './groups.ts';
import { configuration, guids, publicKeyServices, sidOf } from './names.ts';
import { issuancePolicies } from './templates.ts';

const reason = noSamba();

/** A template's values, and those it must not have. */
const byTemplate: readonly (readonly [string, Readonly<Record<string, string | undefined>>])[] = [
  [
    'ESC1-UserSubject',
    { 'msPKI-Certificate-Name-Flag': '1', pKIExtendedKeyUsage: '1.3.6.1.5.5.7.3.2', 'msPKI-Enrollment-Flag': '0' },
  ],
  ['ESC2-AnyPurpose', { pKIExtendedKeyUsage: '2.5.29.37.0' }],
  ['ESC2-NoUsage', { pKIExtendedKeyUsage: undefined }],
  ['ESC3-Agent', { pKIExtendedKeyUsage: '1.3.6.1.4.1.311.20.2.1', 'msPKI-RA-Signature': '0' }],
  ['ESC3-Target', { 'msPKI-RA-Signature': '1', 'msPKI-RA-Application-Policies': '1.3.6.1.4.1.311.20.2.1' }],
  ['ESC9-NoSecurityExtension', { 'msPKI-Enrollment-Flag': String(0x8_0000) }],
  ['ESC13-IssuancePolicy', { 'msPKI-Certificate-Policy': issuancePolicies[0].oid }],
  ['ESC15-VersionOne', { 'msPKI-Template-Schema-Version': '1', 'msPKI-Certificate-Name-Flag': '1' }],
  ['ESC17-ServerSubject', { 'msPKI-Template-Schema-Version': '2', pKIExtendedKeyUsage: '1.3.6.1.5.5.7.3.1' }],
  ['PartnerPortal', { 'msPKI-Enrollment-Flag': '2', 'msPKI-Certificate-Name-Flag': '1' }],
];

/** Rights that a descriptor must give: of what, to whom, bits of the mask, and the right it is limited to. */
const byDescriptor: readonly (readonly [string, string, string, number, string | null])[] = [
  ['ESC4', templateDn('ESC4-Writable'), 'S-1-5-11', 0xc_0020, null],
  ['ESC5', `CN=NTAuthCertificates,${publicKeyServices}`, sidOf(groups.webOperators.rid), 0xc_0020, null],
  ['ESC7', enrolmentServiceDn('Corp Issuing CA 1'), sidOf(groups.pkiOperators.rid), 0xc_0020, null],
  ['everybody enrols at the authority', enrolmentServiceDn('Corp Issuing CA 1'), 'S-1-5-11', 0x100, guids.enroll],
  ['everybody enrols ESC1', templateDn('ESC1-UserSubject'), sidOf(513), 0x100, guids.enroll],
];

describe.skipIf(reason !== null)(`certificate services${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  beforeAll(async () => {
    domain = await startDomain();
  });
  afterAll(() => domain?.stop());

  const read = (question: Question) => ldapSearch(domain, domain.plainReader, question);
  const one = async (dn: string, ...attributes: string[]) => (await read({ base: dn, scope: 'base', attributes }))[0];

  test.each(byTemplate)('have the template %s, published on the trusted authority', async (name, values) => {
    const template = await one(templateDn(name));
    for (const [attribute, value] of Object.entries(values))
      expect([attribute, text(template, attribute)]).toEqual([attribute, value]);
    expect(texts(await one(enrolmentServiceDn('Corp Issuing CA 1')), 'certificateTemplates')).toContain(name);
  });

  test.each(byDescriptor)('let an ordinary reader see the entry: %s', async (_, dn, sid, mask, object) => {
    const descriptor = (await one(dn, 'nTSecurityDescriptor'))?.get('nTSecurityDescriptor')?.[0];
    expect(allowEntries(descriptor ?? Buffer.alloc(0))).toContainEqual(
      expect.objectContaining({ sid, object, mask: expect.toSatisfy((has: number) => (has & mask) === mask) }),
    );
  });

  test('keep one of two authorities in NTAuth, with certificates that parse', async () => {
    const [trusted, other] = await Promise.all(
      enrolmentServices.map(async (name) => (await one(enrolmentServiceDn(name)))?.get('cACertificate')?.[0]),
    );
    const store = (await one(`CN=NTAuthCertificates,${publicKeyServices}`))?.get('cACertificate') ?? [];
    expect(store).toEqual([trusted]);
    expect(other).not.toEqual(trusted);
    const root = (await one(`CN=Corp Root CA,CN=Certification Authorities,${publicKeyServices}`))?.get('cACertificate');
    const issuer = new X509Certificate(root?.[0] ?? '');
    expect(new X509Certificate(trusted ?? '').verify(issuer.publicKey)).toBe(true);
    const retired = await read({ base: configuration, filter: '(certificateTemplates=RetiredSubject)' });
    expect(retired).toEqual([]);
  });

  test('link an issuance policy to an empty universal group', async () => {
    const linked = await read({ base: publicKeyServices, filter: '(msDS-OIDToGroupLink=*)' });
    expect(linked.map((record) => text(record, 'msDS-OIDToGroupLink'))).toEqual([groupDn(groups.smartcardAdmins.name)]);
    const group = await one(groupDn(groups.smartcardAdmins.name));
    expect([text(group, 'groupType'), text(group, 'member')]).toEqual(['-2147483640', undefined]);
  });
});
