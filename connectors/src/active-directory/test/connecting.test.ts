import { createServer } from 'node:net';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { type Authority, createAuthority, openController } from '../fake/index.ts';
import { clientOf, entriesOf, faultOf, kingdom, people } from './reading.ts';

const hour = 3_600_000;
const within = (ms: number) => new Date(Date.now() + ms);
const valid = (from: number, to: number) => (authority: Authority, host: string) =>
  authority.issue({ names: [host], notBefore: within(from), notAfter: within(to) });

describe('a controller that cannot prove who it is', () => {
  test.each([
    [
      'has a certificate that expired',
      { certificate: valid(-48 * hour, -hour) },
      'unreachable',
      /certificate of dc1\.sevenkingdoms\.local .* has expired\. Renew it there; the clock of this server says \d{4}-/,
    ],
    [
      'has a certificate that is not valid yet, so one of the clocks is wrong',
      { certificate: valid(hour, 48 * hour) },
      'unreachable',
      /is not valid yet\. Compare the clocks of both servers: this one says \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    ],
    [
      'has a certificate for another name',
      { certificate: (authority: Authority) => authority.issue({ names: ['dc2.sevenkingdoms.local', '10.0.0.2'] }) },
      'misconfigured',
      /is for dc2\.sevenkingdoms\.local, 10\.0\.0\.2\. Enter the controller by a name that its certificate has/,
    ],
    [
      'has a certificate of an authority that nobody entered',
      { certificate: (_: Authority, host: string) => createAuthority('Somebody else').issue({ names: [host] }) },
      'misconfigured',
      /is not trusted here\. Enter the certificate of the authority that signed it/,
    ],
    [
      'has a certificate of another authority with the same name',
      { certificate: (_: Authority, host: string) => createAuthority().issue({ names: [host] }) },
      'misconfigured',
      /is not trusted here/,
    ],
  ] as const)('%s: it is told nothing, and not asked again', async (_, options, kind, advice) => {
    await using controller = await openController(kingdom(0), options);
    for (const url of [controller.ldaps, controller.ldap]) {
      const { ldap, waits } = clientOf(controller, { controllers: [url] });
      const fault = await faultOf(ldap.rootDse());
      expect(fault.kind).toBe(kind);
      expect(fault.advice).toMatch(advice);
      expect(waits).toEqual([]);
    }
    // The request to encrypt is the only thing that was ever said.
    expect(controller.requests.map((request) => request.kind)).toEqual(['startTls']);
  });

  test('is not trusted by the authorities of this server either, when none was entered', async () => {
    await using controller = await openController(kingdom(0));
    const ldap = createHost({ signal: new AbortController().signal, attempts: 1 }).ldap({
      controllers: [controller.ldaps],
      system: 'Active Directory',
      bindName: 'gatehouse@sevenkingdoms.local',
      password: new Secret('A Lannister always pays'),
      addresses: controller.addresses,
    });
    expect((await faultOf(ldap.rootDse())).advice).toContain('is not trusted here');
    expect(controller.requests).toEqual([]);
  });

  test('is believed by its address when the certificate has the address', async () => {
    await using controller = await openController(kingdom(1));
    const { port } = new URL(controller.ldaps);
    const { ldap } = clientOf(controller, { controllers: [`ldaps://127.0.0.1:${port}`] });
    expect((await ldap.rootDse()).controller).toBe(`127.0.0.1:${port}`);
  });
});

describe('a plain connection', () => {
  test('is encrypted before anything is said', async () => {
    await using controller = await openController(kingdom(3));
    const { ldap } = clientOf(controller, { controllers: [controller.ldap] });
    expect(await entriesOf(ldap, people)).toHaveLength(3);
    expect(controller.inClear.map(({ kind }) => kind)).toEqual(['startTls']);
    expect(controller.requests.map(({ kind }) => kind)).toEqual(['startTls', 'bind', 'search']);
  });

  test('that the controller does not encrypt is left without a word', async () => {
    await using controller = await openController(kingdom(3), { startTls: false });
    const { ldap } = clientOf(controller, { controllers: [controller.ldap] });
    const fault = await faultOf(ldap.rootDse());
    expect(fault.kind).toBe('misconfigured');
    expect(fault.advice).toContain('refused to encrypt the connection (StartTLS), so no password was sent');
    expect(controller.requests.map(({ kind }) => kind)).toEqual(['startTls']);
  });

  test('on which something stands behind the answer to StartTLS is not used: it was not encrypted', async () => {
    await using controller = await openController(kingdom(3));
    const agreed = Buffer.from('300c02010178070a010004000400', 'hex');
    const smuggled = Buffer.from('300c02010161070a010004000400', 'hex');
    controller.plant(() => ({ kind: 'bytes', bytes: Buffer.concat([agreed, smuggled]) }));
    const fault = await faultOf(clientOf(controller, { controllers: [controller.ldap] }).ldap.rootDse());
    expect(fault.kind).toBe('misconfigured');
    expect(fault.detail).toContain('something behind its answer');
    expect(controller.requests).toHaveLength(1);
  });
});

describe('a controller that is not reached', () => {
  test('because nobody listens says so, after the attempts that a run may make', async () => {
    const controller = await openController(kingdom(0));
    await controller.stop();
    const { ldap, waits } = clientOf(controller);
    const fault = await faultOf(ldap.rootDse());
    expect(fault).toMatchObject({ kind: 'unreachable' });
    expect(fault.advice).toContain('refused the connection. Check the address and the port.');
    expect(waits).toEqual(['Active Directory all retry', 'Active Directory all retry']);
  });

  test('because its name leads nowhere says which name', async () => {
    await using controller = await openController(kingdom(0));
    const host = createHost({ signal: new AbortController().signal, attempts: 1 });
    const ldap = host.ldap({
      controllers: ['ldaps://dc1.invalid:636'],
      system: 'Active Directory',
      bindName: 'x',
      password: new Secret('y'),
      certificateAuthorities: controller.certificateAuthority,
    });
    const fault = await faultOf(ldap.rootDse());
    expect(fault.kind).toBe('unreachable');
    expect(fault.advice).toContain('dc1.invalid');
  });

  test('because it says nothing when it should encrypt is given up in time', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    await using controller = await openController(kingdom(0));
    for (const scheme of ['ldaps', 'ldap']) {
      const controllers = [`${scheme}://127.0.0.1:${port}`];
      const { ldap } = clientOf(controller, { controllers, bounds: { connectMs: 100 } }, { attempts: 1 });
      const fault = await faultOf(ldap.rootDse());
      expect(fault).toMatchObject({ kind: 'unreachable' });
      expect(fault.advice).toContain('did not answer in time');
    }
    silent.close();
  });

  test('because its port speaks something else says which ports there are', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
    const address = web.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    await using controller = await openController(kingdom(0));
    const controllers = [`ldaps://127.0.0.1:${port}`];
    const fault = await faultOf(clientOf(controller, { controllers }, { attempts: 1 }).ldap.rootDse());
    expect(fault.advice).toContain('does not speak TLS as it must. Check the port: 636 is for ldaps://');
    web.close();
  });

  test('makes the next one in the list answer, whatever is wrong with the first', async () => {
    const away = await openController(kingdom(0), { host: 'dc0.sevenkingdoms.local' });
    await away.stop();
    await using expired = await openController(kingdom(0), {
      host: 'dc1.sevenkingdoms.local',
      certificate: valid(-48 * hour, -hour),
    });
    await using good = await openController(kingdom(2), { host: 'dc2.sevenkingdoms.local' });
    const { ldap, waits } = clientOf([away, expired, good]);
    expect((await ldap.rootDse()).controller).toMatch(/^dc2\.sevenkingdoms\.local:\d+$/);
    expect(await entriesOf(ldap, people)).toHaveLength(2);
    expect(good.requests.map(({ kind }) => kind)).toEqual(['bind', 'search', 'search']);
    expect(waits).toEqual([]);
  });
});

describe('settings that cannot be right are refused before anything is connected', () => {
  test.each([
    ['no controller', { controllers: [] }, /Enter at least one domain controller/],
    ['an address of the web', { controllers: ['https://dc1.example'] }, /Enter it like ldaps:\/\/dc1\.example:636/],
    ['an address with a password', { controllers: ['ldaps://a:b@dc1.example'] }, /is not one\. Enter it like/],
    ['an address with a path', { controllers: ['ldaps://dc1.example/DC=x'] }, /is not one\. Enter it like/],
    ['a certificate that is none', { certificateAuthorities: 'none' }, /no certificate in PEM form/],
    [
      'a broken certificate',
      { certificateAuthorities: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /no certificate in PEM form/,
    ],
    [
      'no password, which would sign in as nobody',
      { password: new Secret('') },
      /Enter the account .* and its password/,
    ],
    ['no account', { bindName: '' }, /Enter the account/],
  ])('%s', async (_, options, advice) => {
    await using controller = await openController(kingdom(0));
    expect(() => clientOf(controller, options)).toThrow(advice);
  });
});
