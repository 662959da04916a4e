import type { Files, Registry, RegistryKey, RegistryTree, RegistryValue } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { createDirectory, type Directory } from '../fake/index.ts';
import { sidBytes } from '../sid.ts';

const configuration = 'CN=Configuration,DC=corp,DC=example';
export const enrollmentServices = `CN=Enrollment Services,CN=Public Key Services,CN=Services,${configuration}`;

/** A domain of two controllers, an authority and two policies, as far as finding their files and registries takes. */
export const smallDomain = (): Directory => {
  const directory = createDirectory('corp.example');
  const settings = String(directory.rootDse.get('dsservicename')?.values[0]);
  for (const dn of parentsOf(settings))
    if (!directory.find(dn)) directory.add(dn, { objectClass: ['top', 'container'] });
  directory.add(settings, { objectClass: ['top', 'nTDSDSA'], invocationId: Buffer.alloc(16, 9) });
  directory.change('DC=corp,DC=example', { objectSid: bytes('S-1-5-21-1-2-3') });
  for (const [name, rid] of [
    ['DC1', 1000],
    ['DC2', 1001],
  ] as const) {
    directory.add(`CN=${name},DC=corp,DC=example`, {
      objectClass: ['top', 'person', 'organizationalPerson', 'user', 'computer'],
      ...{ objectSid: bytes(`S-1-5-21-1-2-3-${rid}`), userAccountControl: '532480', primaryGroupID: '516' },
      ...{ dNSHostName: `${name.toLowerCase()}.corp.example`, operatingSystem: 'Windows Server 2022 Standard' },
    });
  }
  for (const dn of [
    `CN=Services,${configuration}`,
    `CN=Public Key Services,CN=Services,${configuration}`,
    enrollmentServices,
    'CN=System,DC=corp,DC=example',
    'CN=Policies,CN=System,DC=corp,DC=example',
  ])
    directory.add(dn, { objectClass: ['top', 'container'] });
  directory.add(`CN=CORP-CA,${enrollmentServices}`, {
    ...{ objectClass: ['top', 'pKIEnrollmentService'], dNSHostName: 'ca.corp.example' },
  });
  for (const [policy, name] of policies) {
    directory.add(`CN=${policy},CN=Policies,CN=System,DC=corp,DC=example`, {
      ...{ objectClass: ['top', 'container', 'groupPolicyContainer'], displayName: name, flags: '0' },
    });
  }
  return directory;
};

export const controllersPolicy = '{6AC1786C-016F-11D2-945F-00C04FB984F9}';
export const drivesPolicy = '{0F3A5D3C-1111-2222-3333-444455556666}';
const policies = [
  [controllersPolicy, 'Default Domain Controllers Policy'],
  [drivesPolicy, 'Drives'],
] as const;

const parentsOf = (dn: string): string[] => {
  const parts = dn.split(',');
  return parts
    .map((_, at) => parts.slice(at).join(','))
    .slice(1, -3)
    .toReversed();
};
const bytes = (sid: string) => Buffer.from(sidBytes(sid) ?? []);

/** Files by their path, a fault in place of one that cannot be read. */
export const madeUpFiles = (files: Readonly<Record<string, Buffer | string | Fault>>): Files => {
  const paths = Object.keys(files);
  return {
    async list(folder) {
      const before = folder === '' ? '' : `${folder}/`;
      const below = paths.filter((path) => path.startsWith(before)).map((path) => path.slice(before.length).split('/'));
      if (below.length === 0) return null;
      const names = new Map(below.map(([name = '', ...rest]) => [name, rest.length > 0]));
      return [...names].map(([name, isFolder]) => ({ name, kind: isFolder ? 'folder' : 'file' }));
    },
    async read(path) {
      const found = files[path];
      if (found instanceof Fault) throw found;
      return found === undefined ? null : Buffer.from(found);
    },
  };
};

type Values = Readonly<Record<string, number | string | readonly string[] | Uint8Array>>;

/** A key with the keys below it by their path, as `Registry` answers it. */
export const tree = (keys: Readonly<Record<string, Values>>): RegistryTree =>
  new Map(
    Object.entries(keys).map(([path, values]): [string, RegistryKey] => [
      path.toLowerCase(),
      {
        path,
        values: new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), toValue(value)])),
        unclear: new Set(),
      },
    ]),
  );

const toValue = (value: Values[string]): RegistryValue => {
  if (typeof value === 'number') return { type: 'REG_DWORD', number: value };
  if (typeof value === 'string') return { type: 'REG_SZ', text: value };
  if (value instanceof Uint8Array) return { type: 'REG_BINARY', bytes: Buffer.from(value) };
  return { type: 'REG_MULTI_SZ', texts: value };
};

/** Registries of machines by `machine key`; a machine that has none is away. */
export const madeUpRegistry = (
  machines: Readonly<Record<string, Readonly<Record<string, RegistryTree>>>>,
): Registry => ({
  async read(machine, key) {
    const keys = machines[machine];
    if (keys === undefined) throw new Fault('forbidden', `The registry of ${machine} cannot be read.`, key);
    return keys[key] ?? null;
  },
});
