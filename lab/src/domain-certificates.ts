import { createAuthority, type MadeEntry } from '@gatehouse/connectors/active-directory/fake';
import { type LabDomain, rights } from './domain.ts';
import { groupRids } from './domain-groups.ts';

const enroll = '0e10c968-78fb-11d2-90d4-00c04f79dc55';
const mayEnroll = (trustee: string): MadeEntry => ({ trustee, mask: rights.extendedRight, objectType: enroll });
const everybody = (sid: string) => mayEnroll(`${sid}-513`);
const use = {
  client: '1.3.6.1.5.5.7.3.2',
  server: '1.3.6.1.5.5.7.3.1',
  agent: '1.3.6.1.4.1.311.20.2.1',
  mail: '1.3.6.1.5.5.7.3.4',
};

/** A certification authority with the templates that came with it, and a few that somebody made in a hurry. */
export const addCertificateServices = ({ add, lab, sid }: LabDomain): void => {
  const services = `CN=Public Key Services,CN=Services,CN=Configuration,${lab.domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',')}`;
  const container = (name: string) =>
    add(`${name}${services}`, { objectClass: ['top', 'container'], objectCategory: 'CN=Container' });
  container('');
  for (const name of ['Certificate Templates', 'Enrollment Services', 'Certification Authorities', 'AIA', 'OID'])
    container(`CN=${name},`);
  const certificate = Buffer.from(
    createAuthority('Meridian CA').certificate.replace(/-----[^-]+-----|\s/g, ''),
    'base64',
  );
  const authority = {
    objectClass: ['top', 'certificationAuthority'],
    objectCategory: 'CN=Certification-Authority',
    cACertificate: certificate,
  };
  add(`CN=NTAuthCertificates,${services}`, authority);
  add(`CN=Meridian CA,CN=Certification Authorities,${services}`, authority);
  const template = (
    cn: string,
    {
      version = 2,
      name = 0,
      enrollment = 0,
      uses = [use.client],
      signatures = 0,
      access = [everybody(sid)] as readonly MadeEntry[],
    } = {},
  ) => {
    add(
      `CN=${cn},CN=Certificate Templates,${services}`,
      {
        ...{
          objectClass: ['top', 'pKICertificateTemplate'],
          objectCategory: 'CN=PKI-Certificate-Template',
          cn,
          displayName: cn.replace(/([a-z])([A-Z])/g, '$1 $2'),
        },
        ...{
          'msPKI-Template-Schema-Version': String(version),
          'msPKI-Certificate-Name-Flag': String(name),
          'msPKI-Enrollment-Flag': String(enrollment),
        },
        ...{
          'msPKI-RA-Signature': String(signatures),
          pKIExtendedKeyUsage: uses,
          ...(version > 1 && { 'msPKI-Certificate-Application-Policy': uses }),
        },
      },
      access,
    );
    return cn;
  };
  const published = [
    template('User', { version: 1, uses: [use.client, use.mail] }),
    template('Machine', {
      version: 1,
      uses: [use.client, use.server],
      access: [mayEnroll(`${sid}-515`)],
    }),
    template('WebServer', { version: 1, name: 1, uses: [use.server] }),
    template('MeridianVPN', { name: 1, access: [mayEnroll(`${sid}-${groupRids.helpDesk}`)] }),
    template('MeridianWiFi', { enrollment: 0x8_0000 }),
    template('MeridianAgent', { uses: [use.agent] }),
    template('MeridianSigned', { name: 1, enrollment: 2 }),
    template('MeridianLaptop', {
      access: [everybody(sid), { trustee: `${sid}-${groupRids.workstationAdmins}`, mask: rights.writeDacl }],
    }),
  ];
  template('KeyRecoveryAgent', { uses: ['1.3.6.1.4.1.311.21.6'], access: [] });
  add(
    `CN=Meridian CA,CN=Enrollment Services,${services}`,
    {
      ...{
        objectClass: ['top', 'pKIEnrollmentService'],
        objectCategory: 'CN=PKI-Enrollment-Service',
        displayName: 'Meridian CA',
      },
      ...{
        dNSHostName: `ca1.${lab.domain}`,
        certificateTemplates: published,
        cACertificate: certificate,
        cACertificateDN: 'CN=Meridian CA',
      },
    },
    [mayEnroll('S-1-5-11')],
  );
};
