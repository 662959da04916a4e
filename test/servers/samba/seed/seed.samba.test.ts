import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowEntries, sidAt } from '../descriptor-entries.ts';
import { type Domain, noSamba, startDomain } from '../domain.ts';
import { ldapModify, ldapSearch, type Question, text, texts } from '../ldap-tools.ts';
import { run } from '../run.ts';
import { accounts, dnOf } from './accounts.ts';
import { controllerDn, managedAccounts, serverDn, serverRid, workstationDn } from './computers.ts';
import { deleted } from './deleted.ts';
import { departmentGroup, groupDn, groups, nested } from './groups.ts';
import { addEntry, passwordValue } from './ldif.ts';
import { base, dnsDomain, fileTime, formerDomainSid, guids, sidOf, units } from './names.ts';
import { policies, policyDn } from './policies.ts';
import { peopleCount } from './seed.ts';
import { trusts } from './trusts.ts';

const reason = noSamba();
const bit = (value: number) => `(userAccountControl:1.2.840.113556.1.4.803:=${value})`;
const users = '(objectCategory=person)(objectClass=user)';
/** Every member of Domain Admins, through all groups (LDAP_MATCHING_RULE_IN_CHAIN). */
const domainAdmins = `(memberOf:1.2.840.113556.1.4.1941:=CN=Domain Admins,CN=Users,${base})`;

/** What a filter must find, by sAMAccountName. */
const byFilter: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'Kerberoastable domain administrators',
    `(&${users}(servicePrincipalName=*)${domainAdmins})`,
    [accounts.kerberoastableAdmin.name],
  ],
  [
    'Kerberoastable accounts',
    `(&${users}(servicePrincipalName=*)(!(sAMAccountName=krbtgt)))`,
    [
      accounts.kerberoastableAdmin.name,
      accounts.kerberoastable.name,
      accounts.unconstrained.name,
      accounts.constrained.name,
      accounts.constrainedToController.name,
      accounts.ghostTarget.name,
    ],
  ],
  [
    'accounts without preauthentication',
    `(&${users}${bit(0x40_0000)})`,
    [accounts.asRepRoastable.name, accounts.asRepRoastableOperator.name],
  ],
  [
    'unconstrained delegation beyond controllers',
    `(&${bit(0x8_0000)}(!(primaryGroupID=516)))`,
    [accounts.unconstrained.name, 'PRINT1$'],
  ],
  [
    'constrained delegation',
    '(msDS-AllowedToDelegateTo=*)',
    [accounts.constrained.name, accounts.constrainedToController.name, accounts.ghostTarget.name],
  ],
  ['protocol transition', bit(0x100_0000), [accounts.constrainedToController.name]],
  ['resource-based delegation', '(msDS-AllowedToActOnBehalfOfOtherIdentity=*)', ['APP1$', 'DC1$']],
  [
    'passwords that never expire',
    `(&${users}${bit(0x1_0000)}${bit(0x200)}(!${bit(2)}))`,
    [accounts.neverExpires.name, accounts.delegableAdmin.name],
  ],
  ['reversible passwords', bit(0x80), [accounts.reversible.name]],
  ['DES only', bit(0x20_0000), [accounts.desOnly.name]],
  ['no password required', `(&${users}${bit(0x20)}(!${bit(2)}))`, [accounts.passwordNotRequired.name]],
  [
    'SID history',
    '(sIDHistory=*)',
    [accounts.historyOfFormerAdmins.name, accounts.historyOfOwnDomain.name, accounts.harmlessHistory.name],
  ],
  [
    'adminCount without a group',
    `(&${users}(adminCount=1)(!(memberOf=*))(!(sAMAccountName=krbtgt)))`,
    [accounts.adminCountLeftover.name],
  ],
  ['Protected Users', `(memberOf=CN=Protected Users,CN=Users,${base})`, [accounts.guardedAdmin.name]],
  [
    'weak and strong certificate mappings',
    '(altSecurityIdentities=*)',
    [accounts.mappedAdmin.name, accounts.strongMappedAdmin.name],
  ],
  ['weak certificate mappings by mail', '(altSecurityIdentities=X509:<RFC822>*)', [accounts.mappedAdmin.name]],
  ['key credentials', '(msDS-KeyCredentialLink=*)', [accounts.shadowedAdmin.name]],
  ['disabled domain administrators', `(&${domainAdmins}${bit(2)})`, [accounts.disabledAdmin.name]],
  [
    'managed service accounts',
    '(|(objectClass=msDS-GroupManagedServiceAccount)(objectClass=msDS-ManagedServiceAccount))',
    Object.values(managedAccounts),
  ],
  ['seamless sign-on with old keys', '(sAMAccountName=AZUREADSSOACC$)', ['AZUREADSSOACC$']],
  [
    'DnsAdmins by the help desk',
    `(&${users}(memberOf:1.2.840.113556.1.4.1941:=CN=DnsAdmins,CN=Users,${base}))`,
    [accounts.clerk.name],
  ],
  ['the circle of groups', `(memberOf=${groupDn(groups.circleLeft.name)})`, [groups.circleRight.name]],
  ['the circle, the other way', `(memberOf=${groupDn(groups.circleRight.name)})`, [groups.circleLeft.name]],
  [
    'the deepest group from the top',
    `(memberOf:1.2.840.113556.1.4.1941:=${groupDn(nested[0] ?? '')})(objectClass=group)`,
    [...nested.slice(1), departmentGroup('Sales')],
  ],
  ['servers out of support', '(operatingSystem=Windows Server 2008*)', ['LEGACY1$']],
];

/** Rights that a descriptor must give: of what, to whom, bits of the mask, and the right, attribute or class. */
const byDescriptor: readonly (readonly [string, string, string, number, string | null])[] = [
  ['DCSync: changes', base, sidOf(accounts.dcSync.rid), 0x100, guids.getChanges],
  ['DCSync: all changes', base, sidOf(accounts.dcSync.rid), 0x100, guids.getChangesAll],
  ['changes without secrets', base, sidOf(accounts.changesOnly.rid), 0x100, guids.getChanges],
  ['AdminSDHolder', `CN=AdminSDHolder,CN=System,${base}`, sidOf(accounts.sdHolderWriter.rid), 0xc_0020, null],
  ['the help desk resets passwords', units.people, sidOf(groups.helpDesk.rid), 0x100, guids.forceChangePassword],
  [
    'makes delegated managed service accounts',
    units.serviceAccounts,
    sidOf(groups.serviceAutomation.rid),
    0x1,
    guids.delegatedManagedServiceAccount,
  ],
  ['reads LAPS too widely', units.workstations, 'S-1-5-11', 0x110, guids.lapsLegacyPassword],
  ['reads LAPS too widely, where it is inherited', workstationDn(1), 'S-1-5-11', 0x110, guids.lapsLegacyPassword],
  [
    'writes names of an account (ESC9)',
    dnOf(accounts.writableNames),
    sidOf(groups.helpDesk.rid),
    0x20,
    guids.publicInformation,
  ],
  ['writes key credentials', dnOf(accounts.writableNames), sidOf(groups.helpDesk.rid), 0x20, guids.keyCredentialLink],
  [
    'writes certificate mappings (ESC14)',
    dnOf(accounts.delegableAdmin),
    sidOf(groups.helpDesk.rid),
    0x20,
    guids.altSecurityIdentities,
  ],
  [
    'writes a policy of controllers',
    policyDn(policies.controllerHardening.id),
    sidOf(groups.policyEditors.rid),
    0xc_0020,
    null,
  ],
];

describe.skipIf(reason !== null)(`the seed${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  beforeAll(async () => {
    domain = await startDomain();
  });
  afterAll(() => domain?.stop());

  const read = (question: Question) => ldapSearch(domain, domain.plainReader, question);
  const one = async (dn: string, ...attributes: string[]) => (await read({ base: dn, scope: 'base', attributes }))[0];

  test.each(byFilter)('has exactly these: %s', async (_, filter, names) => {
    const whole = filter.startsWith('(&') ? filter : `(&${filter})`;
    const found = await read({ filter: whole, attributes: ['sAMAccountName'] });
    expect(found.map((record) => text(record, 'sAMAccountName')).toSorted()).toEqual(names.toSorted());
  });

  test.each(byDescriptor)('lets an ordinary reader see the entry: %s', async (_, dn, sid, mask, object) => {
    const descriptor = (await one(dn, 'nTSecurityDescriptor'))?.get('nTSecurityDescriptor')?.[0];
    const entries = allowEntries(descriptor ?? Buffer.alloc(0));
    expect(entries).toContainEqual(
      expect.objectContaining({ sid, object, mask: expect.toSatisfy((has: number) => (has & mask) === mask) }),
    );
  });

  test('delegates to the controller, to a ghost and on the controller', async () => {
    const delegatesTo = async (name: keyof typeof accounts) =>
      texts(await one(dnOf(accounts[name])), 'msDS-AllowedToDelegateTo');
    expect(await delegatesTo('constrainedToController')).toContain('ldap/dc1.corp.example');
    const [ghost = ''] = await delegatesTo('ghostTarget');
    const host = ghost.split('/')[1];
    expect(host).toBe('retired7.corp.example');
    expect(await read({ filter: `(|(dNSHostName=${host})(servicePrincipalName=*/${host}))` })).toEqual([]);
    const acting = async (dn: string) =>
      allowEntries(
        (await one(dn, 'msDS-AllowedToActOnBehalfOfOtherIdentity'))?.get(
          'msDS-AllowedToActOnBehalfOfOtherIdentity',
        )?.[0] ?? Buffer.alloc(0),
      ).map(({ sid }) => sid);
    expect(await acting(controllerDn)).toEqual([sidOf(serverRid('web1'))]);
    expect(await acting(serverDn('app1'))).toEqual([sidOf(accounts.constrained.rid)]);
  });

  test('has managed accounts: one on a computer, one for a group, one for every computer', async () => {
    expect(texts(await one(serverDn('monitor1')), 'msDS-HostServiceAccount')).toEqual([
      `CN=smsa-scan,CN=Managed Service Accounts,${base}`,
    ]);
    const readers = async (name: string) => {
      const [account] = await read({ filter: `(sAMAccountName=${name})` });
      return allowEntries(account?.get('msDS-GroupMSAMembership')?.[0] ?? Buffer.alloc(0)).map(({ sid }) => sid);
    };
    expect(await readers(managedAccounts.web)).toEqual([sidOf(groups.webServers.rid)]);
    expect(await readers(managedAccounts.task)).toEqual([sidOf(515)]);
  });

  test('has dangerous and harmless SID history', async () => {
    const history = async (name: keyof typeof accounts) =>
      ((await one(dnOf(accounts[name])))?.get('sIDHistory') ?? []).map((sid) => sidAt(sid, 0));
    expect(await history('historyOfFormerAdmins')).toContain(`${formerDomainSid}-512`);
    expect(await history('historyOfOwnDomain')).toEqual([sidOf(519)]);
    expect(await history('harmlessHistory')).toEqual([`${formerDomainSid}-2214`]);
  });

  test('has two key credentials of one owner, each a key that its identifier names', async () => {
    const values = texts(await one(dnOf(accounts.shadowedAdmin)), 'msDS-KeyCredentialLink');
    expect(values).toHaveLength(2);
    for (const value of values) {
      const [, length, hex = '', owner] = value.split(':');
      expect([Number(length), owner]).toEqual([hex.length, dnOf(accounts.shadowedAdmin)]);
      expect(hex.startsWith('00020000200001')).toBe(true);
    }
  });

  test('shows a password of LAPS to everybody on workstations, and on servers to nobody who is ordinary', async () => {
    expect(text(await one(workstationDn(1)), 'ms-Mcs-AdmPwd')).toMatch(/^legacy-laps-1-/);
    const server = await one(serverDn('files1'));
    expect(text(server, 'msLAPS-PasswordExpirationTime')).toBeDefined();
    expect(text(server, 'msLAPS-Password')).toBeUndefined();
    const [asAdmin] = await ldapSearch(domain, domain.administrator, { base: serverDn('files1'), scope: 'base' });
    expect(JSON.parse(text(asAdmin, 'msLAPS-Password') ?? '{}')).toMatchObject({ n: 'Administrator' });
    expect(text(await one(workstationDn(35)), 'ms-Mcs-AdmPwdExpirationTime')).toBeUndefined();
  });

  test('shows deleted objects to one of its readers only', async () => {
    const question = { filter: '(&(isDeleted=TRUE)(sAMAccountName=*))', deleted: true, attributes: ['sAMAccountName'] };
    const names = (await ldapSearch(domain, domain.reader, question)).map((record) => text(record, 'sAMAccountName'));
    expect(names.toSorted()).toEqual([...deleted.people, deleted.computer, deleted.group].toSorted());
    expect(await ldapSearch(domain, domain.plainReader, question)).toEqual([]);
  });

  test('gives rights that work: the help desk resets a password of people, and none of an administrator', async () => {
    const clerk = { ...domain.reader, userPrincipalName: `${accounts.clerk.name}@${dnsDomain}` };
    const value = passwordValue('Another-Pass-9').toString('base64');
    const reset = (dn: string) =>
      ldapModify(domain, clerk, `dn: ${dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: ${value}\n-\n\n`);
    await reset(dnOf(accounts.subject));
    await expect(reset(dnOf(accounts.delegableAdmin))).rejects.toThrow('Insufficient access');
  });

  test('has a schema that takes a delegated managed service account', async () => {
    const entry = addEntry(`CN=dmsa-new,${units.serviceAccounts}`, {
      objectClass: 'msDS-DelegatedManagedServiceAccount',
      sAMAccountName: 'dmsa-new$',
      dNSHostName: `dmsa-new.${dnsDomain}`,
      'msDS-ManagedPasswordInterval': 30,
      'msDS-DelegatedMSAState': 2,
      'msDS-ManagedAccountPrecededByLink': dnOf(accounts.delegableAdmin),
    });
    await ldapModify(domain, domain.administrator, entry);
    const [made] = await read({ filter: '(objectClass=msDS-DelegatedManagedServiceAccount)' });
    expect(text(made, 'msDS-ManagedAccountPrecededByLink')).toBe(dnOf(accounts.delegableAdmin));
  });

  test('has trusts without filtering and with delegation, beside careful ones', async () => {
    const found = await read({ filter: '(objectClass=trustedDomain)' });
    const attributes = Object.fromEntries(
      found.map((record) => [text(record, 'trustPartner'), Number(text(record, 'trustAttributes'))]),
    );
    expect(attributes).toEqual({
      [trusts.unfiltered.partner]: 0,
      [trusts.delegating.partner]: 0x808,
      [trusts.history.partner]: 0x48,
      [trusts.filtered.partner]: 0x4,
      [trusts.guardedForest.partner]: 0x208,
    });
  });

  test('has fine-grained password policies that apply to someone', async () => {
    const container = `CN=Password Settings Container,CN=System,${base}`;
    const question = { base: container, filter: '(objectClass=msDS-PasswordSettings)' };
    const found = await ldapSearch(domain, domain.administrator, question);
    expect(found.map((record) => text(record, 'name')).toSorted()).toEqual([
      'Administrators',
      'Kiosk',
      'Service accounts',
    ]);
    for (const record of found) expect(text(record, 'msDS-PSOAppliesTo')).toBeDefined();
  });

  test('serves group policies with a readable password, privileges and a password policy', async () => {
    const { name, password } = domain.plainReader;
    const fetched = async (path: string): Promise<Buffer> => {
      const file = join(domain.sysvol, dnsDomain, 'Policies', path);
      const remote = `${dnsDomain}\\Policies\\${path.replaceAll('/', '\\')}`;
      const printed = await run('smbclient', [
        ...[`//${domain.address}/sysvol`, '-U', `${domain.names.netbios}/${name}%${password}`],
        ...['-c', `get "${remote}" /dev/null`],
      ]);
      expect(printed).toBe('');
      return readFileSync(file);
    };
    const inf = 'MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf';
    const xml = await fetched(`${policies.localAdministrator.id}/MACHINE/Preferences/Groups/Groups.xml`);
    expect(xml.toString()).toMatch(/cpassword="[A-Za-z0-9+/]{20,}"/);
    expect((await fetched(`${policies.defaultDomain.id}/${inf}`)).toString('utf16le')).toContain(
      'MinimumPasswordLength = 7',
    );
    const hardening = (await fetched(`${policies.controllerHardening.id}/${inf}`)).toString('utf16le');
    expect(hardening).toContain(`SeBackupPrivilege = *S-1-5-32-544,*${sidOf(groups.backupTeam.rid)}`);
    const links = text(await one(`OU=Domain Controllers,${base}`), 'gPLink');
    expect(links).toContain(`${policyDn(policies.controllerHardening.id)};0`);
    expect(text(await one(policyDn(policies.controllerHardening.id)), 'gPCFileSysPath')).toBe(
      `\\\\${dnsDomain}\\sysvol\\${dnsDomain}\\Policies\\${policies.controllerHardening.id}`,
    );
  });

  test('has an old krbtgt, a used Administrator and a quota for machines', async () => {
    const daysAgo = (days: number) => fileTime(new Date(domain.seededAt.getTime() - days * 86_400_000));
    expect(text(await one(`CN=krbtgt,CN=Users,${base}`), 'pwdLastSet')).toBe(daysAgo(1_500));
    expect(text(await one(`CN=Administrator,CN=Users,${base}`), 'lastLogonTimestamp')).toBe(daysAgo(2));
    expect(text(await one(base), 'ms-DS-MachineAccountQuota')).toBe('10');
  });

  test('has people with everything that people have', async () => {
    const people = await read({ filter: '(employeeID=*)' });
    expect(people).toHaveLength(peopleCount.small);
    for (const person of people)
      for (const name of ['userPrincipalName', 'mail', 'department', 'title', 'displayName', 'pwdLastSet'])
        expect([text(person, 'dn'), name, text(person, name)]).not.toContain(undefined);
    // Everybody but the heads of the seven departments is led by somebody, and heads lead no more than their team.
    const led = people.map((person) => text(person, 'manager')).filter((manager) => manager !== undefined);
    expect(led).toHaveLength(people.length - 7);
    const teams = Map.groupBy(led, (manager) => manager);
    expect(Math.max(...[...teams.values()].map((team) => team.length))).toBeLessThan(20);
    expect(people.filter((person) => !person.has('lastLogonTimestamp')).length).toBeGreaterThan(0);
    const names = people.map((person) => text(person, 'displayName'));
    expect(names.some((name) => /[^\x20-\x7e]/.test(name ?? ''))).toBe(true);
    expect(new Set(people.map((person) => text(person, 'sAMAccountName'))).size).toBe(people.length);
  });

  test('has sixty computers and forty groups of its own', async () => {
    const computers = await read({ filter: '(&(objectClass=computer)(operatingSystem=*)(!(primaryGroupID=516)))' });
    expect(computers).toHaveLength(60);
    const own = await read({ base: units.groups, filter: '(objectClass=group)' });
    expect(own).toHaveLength(40);
  });
});
