import { type Attributes, addEntry, addValues } from './ldif.ts';
import { guidBytes, guids, schema } from './names.ts';

/**
 * What later servers and LAPS add to the schema of 2012 R2 that the controller starts with. Numbers are those of
 * MS-ADA2 and of the technical reference of Windows LAPS; where no public source gives one the comment says so.
 */
export const schemaAttributes = (): string =>
  [
    attribute('ms-DS-Key-Credential-Link', 'msDS-KeyCredentialLink', `${ds}.2328`, binaryDn, {
      isSingleValued: 'FALSE',
      linkID: 2220,
      schemaIDGUID: guidBytes(guids.keyCredentialLink),
      attributeSecurityGUID: guidBytes('9b026da6-0d3c-465c-8bee-5199d7165cba'),
    }),
    attribute('ms-DS-Key-Credential-Link-BL', 'msDS-KeyCredentialLink-BL', `${ds}.2329`, dn, {
      isSingleValued: 'FALSE',
      linkID: 2221,
      systemOnly: 'TRUE',
    }),
    attribute('ms-Mcs-AdmPwd', 'ms-Mcs-AdmPwd', `${lapsLegacy}.1`, ia5, {
      searchFlags: 904,
      schemaIDGUID: guidBytes(guids.lapsLegacyPassword),
    }),
    attribute('ms-Mcs-AdmPwdExpirationTime', 'ms-Mcs-AdmPwdExpirationTime', `${lapsLegacy}.2`, integer8),
    attribute('ms-LAPS-PasswordExpirationTime', 'msLAPS-PasswordExpirationTime', `${laps}.1`, integer8),
    attribute('ms-LAPS-Password', 'msLAPS-Password', `${laps}.2`, ia5, {
      searchFlags: 904,
      schemaIDGUID: guidBytes(guids.lapsPassword),
    }),
    attribute('ms-LAPS-EncryptedPassword', 'msLAPS-EncryptedPassword', `${laps}.3`, octets, {
      searchFlags: 904,
      attributeSecurityGUID: guidBytes('f3531ec6-6330-4f8e-8d39-7a671fbac605'),
    }),
    // The source shows the last digits of this number and of the class below cut off: these are free neighbours.
    attribute('ms-DS-Delegated-MSA-State', 'msDS-DelegatedMSAState', `${ds}.2372`, integer),
    attribute('ms-DS-Superseded-Service-Account-State', 'msDS-SupersededServiceAccountState', `${ds}.2377`, integer, {
      schemaIDGUID: guidBytes('a4693096-a4c3-4ecd-b8cb-73cd6398b7a2'),
    }),
    attribute('ms-DS-Superseded-Managed-Account-Link', 'msDS-SupersededManagedAccountLink', `${ds}.2373`, dn, {
      linkID: 2222,
      schemaIDGUID: guidBytes('3752e002-43be-48c8-b3ca-2cb2fffbc8a1'),
    }),
    attribute('ms-DS-Managed-Account-Preceded-By-Link', 'msDS-ManagedAccountPrecededByLink', `${ds}.2375`, dn, {
      linkID: 2224,
      schemaIDGUID: guidBytes('a0945b2b-57a2-43bd-b327-4d112a4e8bd1'),
    }),
  ].join('');

/** After the attributes, in a transaction of its own. */
export const schemaClasses = (): string =>
  [
    addEntry(`CN=ms-DS-Delegated-Managed-Service-Account,${schema}`, {
      objectClass: ['top', 'classSchema'],
      lDAPDisplayName: 'msDS-DelegatedManagedServiceAccount',
      governsID: '1.2.840.113556.1.5.303',
      subClassOf: 'computer',
      objectClassCategory: 1,
      rDNAttID: 'cn',
      schemaIDGUID: guidBytes(guids.delegatedManagedServiceAccount),
      possSuperiors: ['organizationalUnit', 'container', 'domainDNS'],
      mustContain: ['msDS-DelegatedMSAState', 'msDS-ManagedPasswordInterval'],
      mayContain: ['msDS-GroupMSAMembership', 'msDS-ManagedAccountPrecededByLink'],
      defaultObjectCategory: `CN=ms-DS-Delegated-Managed-Service-Account,${schema}`,
      defaultSecurityDescriptor:
        'D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;DA)(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;RPLCLORC;;;AU)',
      showInAdvancedViewOnly: 'TRUE',
    }),
    addValues(`CN=User,${schema}`, {
      mayContain: ['msDS-KeyCredentialLink', 'msDS-SupersededManagedAccountLink', 'msDS-SupersededServiceAccountState'],
    }),
    addValues(`CN=Computer,${schema}`, {
      mayContain: [
        'ms-Mcs-AdmPwd',
        'ms-Mcs-AdmPwdExpirationTime',
        'msLAPS-PasswordExpirationTime',
        'msLAPS-Password',
        'msLAPS-EncryptedPassword',
      ],
    }),
    addValues(`CN=Top,${schema}`, { mayContain: ['msDS-KeyCredentialLink-BL'] }),
  ].join('');

const ds = '1.2.840.113556.1.4';
const laps = '1.2.840.113556.1.6.44.1';
const lapsLegacy = '1.2.840.113556.1.8000.2554.50051.45980.28112.18903.35903.6685103.1224907.2';

/** attributeSyntax and oMSyntax, MS-ADTS 3.1.1.2.2.2. */
const ia5: Attributes = { attributeSyntax: '2.5.5.5', oMSyntax: 19 };
const integer: Attributes = { attributeSyntax: '2.5.5.9', oMSyntax: 10 };
const octets: Attributes = { attributeSyntax: '2.5.5.10', oMSyntax: 4 };
const integer8: Attributes = { attributeSyntax: '2.5.5.16', oMSyntax: 65 };
const dn: Attributes = {
  attributeSyntax: '2.5.5.1',
  oMSyntax: 127,
  oMObjectClass: Buffer.from('2b0c0287731c00854a', 'hex'),
};
const binaryDn: Attributes = {
  attributeSyntax: '2.5.5.7',
  oMSyntax: 127,
  oMObjectClass: Buffer.from('2a864886f7140101010b', 'hex'),
};

const attribute = (cn: string, name: string, oid: string, syntax: Attributes, more: Attributes = {}): string =>
  addEntry(`CN=${cn},${schema}`, {
    objectClass: ['top', 'attributeSchema'],
    lDAPDisplayName: name,
    attributeID: oid,
    isSingleValued: 'TRUE',
    systemOnly: 'FALSE',
    searchFlags: 0,
    showInAdvancedViewOnly: 'TRUE',
    ...syntax,
    ...more,
  });
