import { sidBytes } from '@gatehouse/connectors/active-directory/fake';
import { type LabDomain, rights } from './domain.ts';
import { groupRids } from './domain-groups.ts';

/** Group policies, trusts and a password policy. */
export const addPolicies = ({ add, dn, sid, lab }: LabDomain): void => {
  add(`CN=Policies,CN=System,${dn}`, {
    objectClass: ['top', 'container'],
    objectCategory: 'CN=Container',
    name: 'Policies',
  });
  const policy = (guid: string, displayName: string, writer?: string) =>
    add(
      `CN={${guid}},CN=Policies,CN=System,${dn}`,
      {
        ...{
          objectClass: ['top', 'container', 'groupPolicyContainer'],
          objectCategory: 'CN=Group-Policy-Container',
          name: `{${guid}}`,
          displayName,
        },
        ...{
          gPCFileSysPath: `\\\\${lab.domain}\\SysVol\\${lab.domain}\\Policies\\{${guid}}`,
          versionNumber: '65539',
          flags: '0',
        },
      },
      writer === undefined ? [] : [{ trustee: writer, mask: rights.everything }],
    );
  policy('31B2F340-016D-11D2-945F-00C04FB984F9', 'Default Domain Policy');
  policy('6AC1786C-016F-11D2-945F-00C04FB984F9', 'Default Domain Controllers Policy');
  // Written by those who administer servers, and linked to the controllers as well.
  policy('5D1F00A2-8C1B-4A57-9D2E-0F6B0C5E1B11', 'Server agents', `${sid}-${groupRids.workstationAdmins}`);
  policy('9A7B1B52-0C55-4C4E-8F0B-77F3C2F5D0A1', 'Workstation baseline', `${sid}-${groupRids.workstationAdmins}`);
  const trust = (name: string, flatName: string, direction: string, trustAttributes: string, other: string) =>
    add(`CN=${name},CN=System,${dn}`, {
      ...{
        objectClass: ['top', 'trustedDomain'],
        name,
        trustPartner: name,
        flatName,
        trustDirection: direction,
        trustType: '2',
        trustAttributes,
      },
      securityIdentifier: Buffer.from(sidBytes(other) ?? []),
    });
  trust('harbour-logistics.example', 'HARBOUR', '2', '0', 'S-1-5-21-311-411-511');
  trust('partners.example', 'PARTNERS', '3', String(0x8 | 0x800), 'S-1-5-21-312-412-512');
  add(`CN=Password Settings Container,CN=System,${dn}`, { objectClass: ['top', 'msDS-PasswordSettingsContainer'] });
  add(`CN=Administrators,CN=Password Settings Container,CN=System,${dn}`, {
    ...{
      objectClass: ['top', 'msDS-PasswordSettings'],
      name: 'Administrators',
      'msDS-PasswordSettingsPrecedence': '10',
    },
    ...{
      'msDS-MinimumPasswordLength': '14',
      'msDS-PasswordHistoryLength': '24',
      'msDS-PasswordComplexityEnabled': 'TRUE',
    },
    ...{
      'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
      'msDS-LockoutThreshold': '5',
      'msDS-PSOAppliesTo': `CN=Domain Admins,CN=Users,${dn}`,
    },
  });
};
