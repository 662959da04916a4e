import { checkConnection, type Policy } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import { build } from '../descriptor/test/build.ts';
import { openController } from '../fake/index.ts';
import { authorityKey } from '../registry/authority.ts';
import { controllerKeys } from '../registry/controller.ts';
import { pol, utf16 } from '../sysvol/testing/write-policy.ts';
import { type Bench, openBench, settingsFor } from './bench.ts';
import {
  controllersPolicy,
  drivesPolicy,
  enrollmentServices,
  madeUpFiles,
  madeUpRegistry,
  smallDomain,
  tree,
} from './made-up.ts';

const policiesOf = ({ store }: Bench, stream: string) =>
  new Map([...store.records(stream).values()].map((record) => [(record as Policy).name, record as Policy]));
const settingsOf = (policy: Policy | undefined) => Object(policy?.settings);

const cpassword = 'j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw';
const template = utf16(
  '[Privilege Rights]\nSeDebugPrivilege = *S-1-5-32-544\n[Registry Values]\nMACHINE\\System\\CurrentControlSet\\Services\\NTDS\\Parameters\\LDAPServerIntegrity=4,2',
);
const sysvol = {
  // As Samba and different versions of Windows spell them.
  [`policies/${controllersPolicy}/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf`]: template,
  [`policies/${controllersPolicy}/MACHINE/Registry.pol`]: pol([
    ...(['SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters', 'RequireSecuritySignature', 4] as const),
    Buffer.from([1, 0, 0, 0]),
  ]),
  [`policies/${drivesPolicy}/User/Preferences/Drives/Drives.xml`]: `<Drives><Drive changed="2013-07-04 00:00:00"><Properties userName="map" cpassword="${cpassword}"/></Drive></Drives>`,
  [`policies/${drivesPolicy}/User/Scripts/Logon/huge.exe`]: 'MZ',
};

test('policies say what they set, and whose password stands in them', async () => {
  await using bench = await openBench(smallDomain(), {}, { files: madeUpFiles(sysvol) });
  const { streams } = await bench.run(['policy-settings']);
  expect(streams[0]).toMatchObject({ health: 'connected', wasFull: true });
  const policies = policiesOf(bench, 'policy-settings');
  expect(settingsOf(policies.get('Default Domain Controllers Policy'))).toMatchObject({
    ...{ policy: controllersPolicy, isRead: true, unread: [], logons: [] },
    privileges: { SeDebugPrivilege: ['S-1-5-32-544'] },
    values: { LDAPServerIntegrity: 2, 'LanmanServer RequireSecuritySignature': 1 },
  });
  expect(settingsOf(policies.get('Drives')).logons).toEqual([
    { account: 'map', changedOn: '2013-07-04', file: 'User/Preferences/Drives/Drives.xml' },
  ]);
  expect(JSON.stringify(bench.store.calls)).not.toContain(cpassword.slice(0, 8));
});

test('the policies of the domain are found below the whole share, too', async () => {
  const below = Object.fromEntries(Object.entries(sysvol).map(([path, file]) => [`Corp.Example/${path}`, file]));
  await using bench = await openBench(smallDomain(), {}, { files: madeUpFiles(below) });
  await bench.run(['policy-settings']);
  expect(settingsOf(policiesOf(bench, 'policy-settings').get('Drives')).logons).toHaveLength(1);
});

test('a file that cannot be read is named, and its policy is not taken for harmless', async () => {
  const { [`policies/${drivesPolicy}/User/Scripts/Logon/huge.exe`]: _, ...rest } = sysvol;
  const files = madeUpFiles({
    ...rest,
    [`policies/${controllersPolicy}/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf`]: new Fault('forbidden', 'No.'),
    [`policies/${controllersPolicy}/MACHINE/Registry.pol`]: 'PReg',
  });
  await using bench = await openBench(smallDomain(), {}, { files });
  const { streams } = await bench.run(['policy-settings']);
  expect(streams[0]?.caveats.map(({ advice }) => advice).join()).toContain('GptTmpl.inf');
  const { unread } = settingsOf(policiesOf(bench, 'policy-settings').get('Default Domain Controllers Policy'));
  expect(unread).toEqual(['MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf', 'MACHINE/Registry.pol']);
});

test('a policy without a folder has a record that says so', async () => {
  const files = madeUpFiles({ [`policies/${controllersPolicy}/GPT.INI`]: '' });
  await using bench = await openBench(smallDomain(), {}, { files });
  await bench.run(['policy-settings']);
  const policies = policiesOf(bench, 'policy-settings');
  expect(settingsOf(policies.get('Drives')).isRead).toBe(false);
  expect(settingsOf(policies.get('Default Domain Controllers Policy')).isRead).toBe(true);
});

test('a share that goes away in the middle ends the read, and nothing counts as gone', async () => {
  const whole = madeUpFiles(sysvol);
  let isAway = false;
  const files = {
    ...whole,
    list: (folder: string) =>
      isAway && folder.includes(drivesPolicy) ? Promise.reject(new Fault('unreachable', 'Away.')) : whole.list(folder),
  };
  await using bench = await openBench(smallDomain(), {}, { files });
  await bench.run(['policy-settings']);
  isAway = true;
  const { streams } = await bench.run(['policy-settings']);
  expect(streams[0]?.fault?.kind).toBe('unreachable');
  expect(policiesOf(bench, 'policy-settings').size).toBe(2);
});

const [kdc = '', schannel = '', ntds = '', server = ''] = controllerKeys.map(({ key }) => key);
const authority = tree({
  '': { Active: 'CORP-CA' },
  'CORP-CA': { Security: build([{ mask: 0x1, to: 'S-1-5-21-1-2-3-1101' }]), InterfaceFlags: 0x641 },
  'CORP-CA\\PolicyModules': { Active: 'Default.Policy' },
  'CORP-CA\\PolicyModules\\Default.Policy': { EditFlags: 0x15_014e },
});
const keysOf = (signing: number) => ({
  [kdc]: tree({ '': {} }),
  [schannel]: tree({ '': { CertificateMappingMethods: 4 } }),
  [ntds]: tree({ '': { LDAPServerIntegrity: signing } }),
  [server]: tree({ '': { RequireSecuritySignature: 1 } }),
});

test('the registry of every authority and every controller is read', async () => {
  const registry = madeUpRegistry({
    ...{ 'ca.corp.example': { [authorityKey]: authority }, 'dc1.corp.example': keysOf(1) },
    'dc2.corp.example': keysOf(2),
  });
  await using bench = await openBench(smallDomain(), {}, { registry });
  const { streams } = await bench.run(['registry']);
  expect(streams[0]).toMatchObject({ health: 'connected', wasFull: true, caveats: [] });
  const read = policiesOf(bench, 'registry');
  expect(settingsOf(read.get('CORP-CA'))).toMatchObject({
    ...{ isRead: true, takesSubjectsFromAttributes: true },
    rights: [{ trustee: 'S-1-5-21-1-2-3-1101', right: 'ManageCA', isCertain: true }],
  });
  expect(read.get('DC1')?.id).toBe('S-1-5-21-1-2-3-1000');
  expect(settingsOf(read.get('DC1'))).toMatchObject({
    values: { LDAPServerIntegrity: 1, CertificateMappingMethods: 4, RequireSecuritySignature: 1 },
    unknown: [],
  });
  expect(settingsOf(read.get('DC2')).values.LDAPServerIntegrity).toBe(2);
});

test('a machine whose registry cannot be read has a record of what is unknown, and the connection a caveat', async () => {
  const registry = madeUpRegistry({ 'dc1.corp.example': keysOf(2) });
  await using bench = await openBench(smallDomain(), {}, { registry });
  const { streams } = await bench.run(['registry']);
  expect(streams[0]).toMatchObject({ health: 'warning', wasFull: true });
  expect(streams[0]?.caveats.map(({ advice }) => advice.split(':')[0]).toSorted()).toEqual(['CORP-CA', 'DC2']);
  const read = policiesOf(bench, 'registry');
  expect(settingsOf(read.get('CORP-CA')).isRead).toBe(false);
  expect(settingsOf(read.get('DC2')).unknown).toContain('LDAPServerIntegrity');
  expect(settingsOf(read.get('DC1')).unknown).toEqual([]);
});

test('a forest without certificate services has its controllers read all the same', async () => {
  const directory = smallDomain();
  directory.remove(`CN=CORP-CA,${enrollmentServices}`);
  directory.remove(enrollmentServices);
  const registry = madeUpRegistry({ 'dc1.corp.example': keysOf(2), 'dc2.corp.example': keysOf(2) });
  await using bench = await openBench(directory, {}, { registry });
  const { streams } = await bench.run(['registry']);
  expect(streams[0]).toMatchObject({ health: 'connected', wasFull: true });
  expect([...policiesOf(bench, 'registry').keys()].toSorted()).toEqual(['DC1', 'DC2']);
});

test('where no machine lets its registry be read the stream fails', async () => {
  await using bench = await openBench(smallDomain(), {}, { registry: madeUpRegistry({}) });
  const { streams } = await bench.run(['registry']);
  expect(streams[0]?.fault?.kind).toBe('forbidden');
});

test('a collector without either is told what it takes, in a run and in a test', async () => {
  await using bench = await openBench(smallDomain());
  const { streams } = await bench.run(['policy-settings', 'registry']);
  expect(streams.map(({ health, fault }) => [health, fault?.kind])).toEqual([
    ['warning', 'forbidden'],
    // Nothing is wrong with a connection of a machine that cannot read registries.
    ['connected', 'unsupported'],
  ]);
  expect(streams[0]?.fault?.advice).toContain('SYSVOL');
  expect(streams[1]?.fault?.advice).toContain('collector on Windows');

  await using controller = await openController(smallDomain());
  const host = createHost({ signal: new AbortController().signal, attempts: 1 });
  const check = await checkConnection({ connector: activeDirectory, settings: settingsFor(controller), host });
  const advice = new Map(check.streams.map(({ stream, advice: words }) => [stream, words]));
  expect(advice.get('policy-settings')).toContain('SYSVOL');
  expect(advice.get('registry')).toContain('collector on Windows');
});
