import { connect } from 'node:net';
import { duplexPair } from 'node:stream';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Shadow, startShadow } from '../../../test/servers/rdp/shadow.ts';
import { noRdp, startXrdp, type Xrdp } from '../../../test/servers/rdp/xrdp.ts';
import { openRdp } from '../src/index.ts';
import { md4 } from '../src/rdp/md4.ts';
import type { RdpOptions } from '../src/rdp/rdp.ts';

const reason = noRdp();
const password = 'planted-Päss 4 the desktop';

const open = (
  port: number,
  more: Partial<RdpOptions> & { username?: string; secret?: string; domain?: string } = {},
) => {
  const { username = 'deskuser', secret = password, domain = null, ...rest } = more;
  return openRdp(
    {
      ...{ host: '127.0.0.1', port, system: 'Desk', trust: { kind: 'any' } },
      account: { username, domain, password: new Secret(secret) },
      ...rest,
    },
    { signal: AbortSignal.timeout(25_000) },
  );
};

describe.skipIf(reason !== null)(`real remote desktops${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let xrdp: Xrdp;
  let shadow: Shadow;
  beforeAll(async () => {
    const ntlmHash = md4(Buffer.from(password, 'utf16le')).toString('hex');
    [xrdp, shadow] = await Promise.all([
      startXrdp([{ name: 'deskuser', password }]),
      startShadow([
        { name: 'deskuser', ntlmHash },
        { name: 'Dora', domain: 'CORP', ntlmHash },
      ]),
    ]);
  });
  afterAll(() => Promise.all([xrdp?.stop(), shadow?.stop()]));

  test('FreeRDP lets an account in by network level authentication, and goes on behind it', async () => {
    const rdp = await open(shadow.port);
    expect(rdp.protocol).toBe('nla');
    expect(shadow.log()).not.toMatch(/MIC\) verification failed|SEC_E_MESSAGE_ALTERED/);
    // It waits for the first word of the client: a wrong one ends it, and a connection that was not let in has ended.
    expect(rdp.stream.destroyed).toBe(false);
    rdp.close();
  });

  test('FreeRDP lets an account of a domain in by its own name for it', async () => {
    (await open(shadow.port, { username: 'Dora', domain: 'CORP' })).close();
  });

  test.each([
    ['a wrong password', { secret: 'planted-wrong' }],
    ['an account that is not there', { username: 'nobody-here' }],
    ['a password in another case', { secret: password.toUpperCase() }],
  ])('FreeRDP does not let %s in, and that is told', async (_, wrong) => {
    await expect(open(shadow.port, wrong)).rejects.toMatchObject({ name: 'Fault', kind: 'unauthorized' });
  });

  test('xrdp is reached by TLS, and asks for the account behind it', async () => {
    const rdp = await open(xrdp.port);
    expect([rdp.protocol, rdp.certificates.length]).toEqual(['tls', 1]);
    expect(rdp.confirm.subarray(0, 2).toString('hex')).toBe('0300');
    rdp.close();
  });

  test('a desktop is the same through a stream that somebody else dialled', async () => {
    const dial = async () => {
      const [own, other] = duplexPair();
      const socket = connect(shadow.port, '127.0.0.1');
      socket.pipe(other).pipe(socket);
      return own;
    };
    const rdp = await open(shadow.port, { dial });
    expect([rdp.protocol, rdp.stream.destroyed]).toEqual(['nla', false]);
    rdp.close();
    const dead = async () => {
      throw new Fault('forbidden', 'Not from here.');
    };
    await expect(open(shadow.port, { dial: dead })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('each is known by its own key, and one in the place of the other is told nothing', async () => {
    const { fingerprint, close } = await open(shadow.port);
    close();
    (await open(shadow.port, { trust: { kind: 'pinned', fingerprint } })).close();
    await expect(open(xrdp.port, { trust: { kind: 'pinned', fingerprint } })).rejects.toMatchObject({
      ...{ kind: 'misconfigured', advice: expect.stringContaining('another key') },
    });
  });
});
