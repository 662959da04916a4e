import { expect, test } from 'vitest';
import { build } from '../descriptor/test/build.ts';
import { tree } from '../test/made-up.ts';
import { toAuthority } from './authority.ts';
import { controllerKeys, toController } from './controller.ts';

const service = { id: 'ca-guid', cn: 'CORP-CA', host: 'ca.corp.example' };
const modules = 'CORP-CA\\PolicyModules';
const own = `${modules}\\CertificateAuthority_MicrosoftDefault.Policy`;
const helpDesk = 'S-1-5-21-1-2-3-1101';

const security = build([
  { mask: 0x1, to: 'S-1-5-32-544' },
  { mask: 0x2, to: helpDesk },
  { mask: 0x200, to: 'S-1-5-11' },
]);

const authority = (values: Parameters<typeof tree>[0][string], module: Parameters<typeof tree>[0][string] = {}) =>
  Object(
    toAuthority(
      service,
      tree({
        '': { Active: 'CORP-CA' },
        'CORP-CA': values,
        [modules]: { Active: 'CertificateAuthority_MicrosoftDefault.Policy' },
        [own]: module,
      }),
    ).settings,
  );

test('an authority says who manages it, what it takes and what it leaves out', () => {
  expect(
    authority(
      { Security: security, InterfaceFlags: 0x641, RoleSeparationEnabled: 1 },
      { EditFlags: 0x11_014e, RequestDisposition: 1, DisableExtensionList: ['1.3.6.1.4.1.311.25.2'] },
    ),
  ).toEqual({
    ...{ isRead: true, host: 'ca.corp.example', name: 'CORP-CA', areRightsWhole: true, agents: null },
    rights: [
      { trustee: 'S-1-5-32-544', right: 'ManageCA', isCertain: true },
      { trustee: helpDesk, right: 'ManageCertificates', isCertain: true },
      { trustee: 'S-1-5-11', right: 'Enroll', isCertain: true },
    ],
    ...{ editFlags: 0x11_014e, takesSubjectsFromAttributes: false, issuesAtOnce: true },
    ...{ disabledExtensions: ['1.3.6.1.4.1.311.25.2'], interfaceFlags: 0x641 },
    ...{ takesRemoteRequests: true, requiresEncryptedRequests: true, separatesRoles: true },
  });
});

test.each([
  ['EDITF_ATTRIBUTESUBJECTALTNAME2', {}, { EditFlags: 0x15_014e }, { takesSubjectsFromAttributes: true }],
  ['a manager’s approval of everything', {}, { RequestDisposition: 0x101 }, { issuesAtOnce: false }],
  ['requests that are denied', {}, { RequestDisposition: 2 }, { issuesAtOnce: false }],
  ['requests that need no encryption', { InterfaceFlags: 0x441 }, {}, { requiresEncryptedRequests: false }],
  ['no requests over RPC', { InterfaceFlags: 0x8 }, {}, { takesRemoteRequests: false }],
  [
    'restrictions of agents',
    { EnrollmentAgentRights: build([{ mask: 0x1_0000, to: helpDesk }]) },
    {},
    { agents: [helpDesk] },
  ],
] as const)('%s is told by its bits', (_, values, module, expected) => {
  expect(authority(values, module)).toMatchObject(expected);
});

test('what an authority does not say, or says in another form, is unknown and never harmless', () => {
  expect(authority({})).toMatchObject({
    ...{ isRead: true, areRightsWhole: false, editFlags: null, takesSubjectsFromAttributes: null, issuesAtOnce: null },
    ...{ interfaceFlags: null, requiresEncryptedRequests: null, disabledExtensions: [] },
  });
  expect(authority({ Security: new Uint8Array(9), InterfaceFlags: 'many' })).toMatchObject({
    ...{ areRightsWhole: false, requiresEncryptedRequests: null },
  });
  for (const none of [null, tree({}), tree({ '': { Active: 'OTHER' } })])
    expect(Object(toAuthority(service, none).settings)).toMatchObject({
      ...{ isRead: false, areRightsWhole: false, takesSubjectsFromAttributes: null, disabledExtensions: null },
      ...{ requiresEncryptedRequests: null, separatesRoles: null },
    });
});

const [kdc, schannel, ntds, server] = controllerKeys.map(({ key }) => key);
const controller = { id: 'S-1-5-21-1-2-3-1000', name: 'DC1', host: 'dc1', operatingSystem: null };
const settings = (trees: Parameters<typeof toController>[1]) => Object(toController(controller, trees).settings);

test('of a controller what is not set is told from what is unknown', () => {
  const read = settings(
    new Map([
      [kdc ?? '', tree({ '': { StrongCertificateBindingEnforcement: 0 } })],
      [schannel ?? '', null],
      [ntds ?? '', tree({ '': { LDAPServerIntegrity: 'two' } })],
    ]),
  );
  expect(read.values).toEqual({ StrongCertificateBindingEnforcement: 0 });
  // Not set: the mapping and channel binding. Of another form, or of a key that could not be read: the others.
  expect(read.unknown).toEqual(['LDAPServerIntegrity', 'RequireSecuritySignature']);
  expect(server).toContain('LanmanServer');
});

test('no bytes in place of a descriptor crash the reader', () => {
  let seed = 3;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  for (let i = 0; i < 2_000; i++) {
    const bytes = new Uint8Array(security);
    for (let damage = next(5); damage >= 0; damage--) bytes[next(bytes.length)] = next(256);
    const cut = bytes.subarray(0, next(bytes.length));
    authority({ Security: bytes, EnrollmentAgentRights: cut });
    authority({ Security: cut, EnrollmentAgentRights: bytes });
  }
});
