import { makeDescriptor } from '@gatehouse/connectors/active-directory/fake';
import { filetime, type LabDomain } from './domain.ts';

const classes = ['top', 'person', 'organizationalPerson', 'user', 'computer'];

/** Two controllers, the servers of the services, and a workstation for every third person. */
export const addMachines = ({ lab, addPrincipal, join, dn, sid }: LabDomain): void => {
  const dice = lab.dice('domain machines');
  const machine = (rid: number, name: string, unit: string, flags: number, system: string, more = {}) =>
    addPrincipal(rid, `CN=${name},OU=${unit},${dn}`, {
      ...{
        objectClass: classes,
        objectCategory: 'CN=Computer',
        cn: name,
        sAMAccountName: `${name}$`,
        userAccountControl: String(flags),
      },
      ...{
        dNSHostName: `${name.toLowerCase()}.${lab.domain}`,
        operatingSystem: system,
        primaryGroupID: unit === 'Domain Controllers' ? '516' : '515',
      },
      ...{
        servicePrincipalName: [`HOST/${name.toLowerCase()}.${lab.domain}`],
        pwdLastSet: filetime(new Date(lab.ago(dice.between(1, 29)))),
      },
      ...{ lastLogonTimestamp: filetime(new Date(lab.ago(dice.between(0, 9)))), ...more },
    });
  for (const [at, name] of ['DC1', 'DC2'].entries()) {
    machine(1_000 + at, name, 'Domain Controllers', 0x2_000 | 0x8_0000, 'Windows Server 2022 Standard', {
      // An old cluster may act as anybody towards the second one.
      ...(name === 'DC2' && {
        'msDS-AllowedToActOnBehalfOfOtherIdentity': makeDescriptor('S-1-5-32-544', [
          { trustee: `${sid}-2004`, mask: 0xf_01ff },
        ]),
      }),
    });
  }
  const laps = { 'msLAPS-PasswordExpirationTime': filetime(new Date(lab.now.getTime() + 20 * 86_400_000)) };
  const servers = ['SQL1', 'WEB1', 'FILE1', 'PRINT1', 'CLUSTER1', 'ERP1', 'CA1', 'JUMP1'];
  for (const [at, name] of servers.entries()) {
    const isTrusted = name === 'PRINT1';
    machine(
      2_000 + at,
      name,
      'Servers',
      0x1_000 | (isTrusted ? 0x8_0000 : 0),
      'Windows Server 2019 Standard',
      at % 3 === 0 ? {} : laps,
    );
  }
  for (let at = 0; at < Math.floor(lab.people.length / 3); at++) {
    machine(
      3_000 + at,
      `WS${String(at).padStart(4, '0')}`,
      'Workstations',
      0x1_000,
      at % 5 === 0 ? 'Windows 10 Enterprise' : 'Windows 11 Enterprise',
      at % 8 === 0 ? {} : laps,
    );
  }
  machine(1_990, 'AZUREADSSOACC', 'Servers', 0x1_000, '', { pwdLastSet: filetime(new Date(lab.ago(410))) });
  join(`CN=Domain Controllers,CN=Users,${dn}`, []);
};
