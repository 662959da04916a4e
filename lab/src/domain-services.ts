import { type Given, type MadeEntry, sidBytes } from '@gatehouse/connectors/active-directory/fake';
import { filetime, type LabDomain, rights } from './domain.ts';
import { personClasses } from './domain-people.ts';

interface ProgramAccount {
  readonly rid: number;
  readonly name: string;
  readonly description: string;
  readonly names?: readonly string[];
  readonly flags?: number;
  readonly ageDays: number;
  readonly more?: Readonly<Record<string, Given>>;
  readonly access?: readonly MadeEntry[];
}

/** Accounts that programs use: some are managed by the domain, most by nobody. */
export const addServices = ({ lab, addPrincipal, join, dn, sid }: LabDomain): void => {
  const services: readonly ProgramAccount[] = [
    // In Domain Admins since the migration, because it worked then.
    {
      rid: 1_201,
      name: 'svc-sql',
      description: 'SQL Server',
      names: ['MSSQLSvc/sql1.meridianfreight.example:1433'],
      flags: 0x1_0000,
      ageDays: 2_100,
    },
    {
      rid: 1_202,
      name: 'svc-web',
      description: 'Intranet',
      names: ['HTTP/intranet.meridianfreight.example'],
      flags: 0x100_0000,
      ageDays: 900,
      more: { 'msDS-AllowedToDelegateTo': ['cifs/dc1.meridianfreight.example', 'ldap/dc1.meridianfreight.example'] },
    },
    { rid: 1_203, name: 'svc-backup', description: 'Backup (trial of 2019)', ageDays: 2_400, flags: 0x1_0000 },
    { rid: 1_204, name: 'svc-scan', description: 'Scanner to mail', flags: 0x40_0000, ageDays: 3_000 },
    {
      rid: 1_205,
      name: 'svc-print',
      description: 'Print server',
      names: ['HTTP/print.meridianfreight.example'],
      ageDays: 700,
      more: { 'msDS-AllowedToDelegateTo': ['HTTP/print-old.meridianfreight.example'] },
    },
    {
      rid: 1_206,
      name: 'MSOL_4fd1c2a09b7e',
      description: 'Entra Connect',
      ageDays: 500,
      access: [
        { trustee: `${sid}-1110`, mask: rights.extendedRight, objectType: '00299570-246d-11d0-a768-00aa006e0529' },
      ],
    },
  ];
  for (const { rid, name, description, names = [], flags = 0, ageDays, more = {}, access = [] } of services) {
    addPrincipal(
      rid,
      `CN=${name},OU=Service Accounts,${dn}`,
      {
        ...{ objectClass: personClasses, objectCategory: 'CN=Person', sAMAccountName: name, description },
        ...{
          userAccountControl: String(0x200 | flags),
          primaryGroupID: '513',
          pwdLastSet: filetime(new Date(lab.ago(ageDays))),
        },
        ...(names.length > 0 && { servicePrincipalName: [...names] }),
        ...(rid !== 1_203 && { lastLogonTimestamp: filetime(new Date(lab.ago(2))) }),
        ...more,
      },
      access,
    );
  }
  join(`CN=Domain Admins,CN=Users,${dn}`, [`CN=svc-sql,OU=Service Accounts,${dn}`]);
  addPrincipal(1_210, `CN=gmsa-erp,OU=Service Accounts,${dn}`, {
    ...{
      objectClass: [...personClasses, 'computer', 'msDS-GroupManagedServiceAccount'],
      objectCategory: 'CN=ms-DS-Group-Managed-Service-Account',
    },
    ...{
      sAMAccountName: 'gmsa-erp$',
      userAccountControl: '4096',
      primaryGroupID: '515',
      servicePrincipalName: ['HTTP/erp.meridianfreight.example'],
    },
    ...{ pwdLastSet: filetime(new Date(lab.ago(12))), lastLogonTimestamp: filetime(new Date(lab.ago(1))) },
  });
  // Carries the identifier of an administrator of the domain that was merged in 2016.
  addPrincipal(1_220, `CN=j.hale,OU=People,${dn}`, {
    ...{
      objectClass: personClasses,
      objectCategory: 'CN=Person',
      sAMAccountName: 'j.hale',
      displayName: 'Jordan Hale',
      userAccountControl: '512',
      primaryGroupID: '513',
    },
    ...{
      sIDHistory: sidHistory,
      pwdLastSet: filetime(new Date(lab.ago(300))),
      lastLogonTimestamp: filetime(new Date(lab.ago(3))),
    },
  });
};

const sidHistory = Buffer.from(sidBytes('S-1-5-21-1993962763-484763869-725345543-512') ?? []);
