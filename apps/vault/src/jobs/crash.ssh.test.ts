import { randomBytes } from 'node:crypto';
import { makeSshKey } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { type Step, steps } from './index.ts';
import { credentialOf, keep } from './testing/bench.ts';
import { changeNow, countChanges, currentOf, cutOff, expectNothingLost, letsIn } from './testing/cut-off.ts';

const reason = noOpenSsh();
const account = (name: string, more: Partial<Account> = {}): Account => ({
  ...{ name, password: `Planted-${name}-${randomBytes(6).toString('hex')}`, ...more },
});

/** The steps that a change by password and one by key go through. */
const cuts: readonly (readonly [string, Step])[] = [
  ...steps.filter((step) => step !== 'finish' && step !== 'forget').map((step) => ['password', step] as const),
  ...(['change', 'note', 'keep', 'finish', 'forget'] as const).map((step) => ['key', step] as const),
];
const namesOfCuts = cuts.map(([kind, step]) => `${kind}-${step}`);

describe.skipIf(reason !== null)(`a change on a real host${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: OpenSsh;
  let vault: TestVault;
  const accounts = [...namesOfCuts, 'whole', 'raced', 'both', 'restored'].map((name) => account(name));
  const passwordOf = (name: string) => accounts.find((one) => one.name === name)?.password ?? '';
  beforeAll(async () => {
    [server, vault] = await Promise.all([startOpenSsh(accounts), testVault({ role: 'web' })]);
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), vault?.close()]);
  });

  const system = () => ({
    ...{ kind: 'linux', address: server.address, port: server.port, trust: [server.hostKeys.ed25519] },
  });
  const keepPassword = async (name: string) => {
    const secret = passwordOf(name);
    const kept = await keep(vault, {
      ...{ system: system(), type: 'linux', namespace: '[Linux]', accountName: name, secret },
    });
    return { ...kept, first: new Secret(secret) };
  };
  /** A key that is good on the host, for an account of this name. */
  const keepKey = async (name: string) => {
    const { privateKey, publicKey } = await makeSshKey('ed25519');
    await server.asRoot(
      `install -d -m 700 -o ${name} ~${name}/.ssh && cat > ~${name}/.ssh/authorized_keys && chown ${name} ~${name}/.ssh/authorized_keys && chmod 600 ~${name}/.ssh/authorized_keys`,
      `${publicKey.type} ${publicKey.base64} first\n`,
    );
    const kept = await keep(vault, {
      ...{ system: system(), type: 'ssh_key', namespace: '[Linux]', accountName: name, secret: privateKey.reveal() },
    });
    return { ...kept, first: privateKey };
  };

  test('is proved by signing in, and what worked before is refused', async () => {
    const { credentialId } = await keepPassword('whole');
    expect(await changeNow(vault, credentialId)).toEqual({ state: 'changed', caveat: null });
    const current = await currentOf(vault, credentialId);
    expect(current.reveal()).not.toBe(passwordOf('whole'));
    expect(await letsIn(vault, credentialId, current)).toBe(true);
    expect(await letsIn(vault, credentialId, new Secret(passwordOf('whole')))).toBe(false);
    expect(await credentialOf(vault, credentialId)).toMatchObject({ isVerified: true });
    expect(await countChanges(vault)).toBe(0);
  });

  test.each(cuts)('by %s that is cut off before the step "%s" loses nothing', async (kind, step) => {
    const name = `${kind}-${step}`;
    const { credentialId, first } = kind === 'key' ? await keepKey(name) : await keepPassword(name);
    await cutOff(vault, credentialId, step);
    await expectNothingLost(vault, credentialId, first);
  });

  test('is made once where two workers are asked for it at the same moment', async () => {
    const { credentialId } = await keepPassword('raced');
    const outcomes = await Promise.all([changeNow(vault, credentialId), changeNow(vault, credentialId)]);
    expect(outcomes.map(({ state }) => state).toSorted()).toEqual(['busy', 'changed']);
    expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId))).toBe(true);
  });

  test('goes on with the password before where a host was restored to it', async () => {
    const { credentialId } = await keepPassword('restored');
    expect((await changeNow(vault, credentialId)).state).toBe('changed');
    await server.asRoot('chpasswd', `restored:${passwordOf('restored')}\n`);
    expect((await changeNow(vault, credentialId)).state).toBe('unchanged');
    expect((await currentOf(vault, credentialId)).reveal()).toBe(passwordOf('restored'));
    expect((await changeNow(vault, credentialId)).state).toBe('changed');
    expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId))).toBe(true);
  });
});
