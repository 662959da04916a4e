import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHost, makeSshKey } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { readCurrentSecret } from '../credentials/index.ts';
import { linuxPassword, sshKey } from '../platforms/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { changeSecret, type Step, steps } from './index.ts';
import { toProof } from './target-system.ts';
import { changeParts, credentialOf, keep, settleInTime } from './testing/bench.ts';

const reason = noOpenSsh();
const signal = new AbortController().signal;
const author = { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' } as const;
const account = (name: string, more: Partial<Account> = {}): Account => ({
  ...{ name, password: `Planted-${name}-${randomBytes(6).toString('hex')}`, ...more },
});
const main = join(import.meta.dirname, 'testing/change-process.ts');

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
  /** Whether this secret lets somebody in, by really trying. */
  const letsIn = async (credentialId: string, secret: Secret): Promise<boolean> => {
    const credential = await credentialOf(vault, credentialId);
    const platform = credential.type === 'ssh_key' ? sshKey : linuxPassword;
    const { address, port, hostKeys } = server;
    return await platform.verify(
      { name: 'host', address, port, trust: { kind: 'host-key', fingerprints: [hostKeys.ed25519] } },
      { namespace: '[Linux]', name: credential.accountName, instance: '' },
      toProof(credential, secret),
      { host: createHost({ signal }) },
    );
  };
  const currentOf = async (credentialId: string): Promise<Secret> => {
    const credential = await credentialOf(vault, credentialId);
    return vault.database.system((tx) => readCurrentSecret(tx, vault.parts.envelope, credential));
  };
  const leftOver = async () => (await sql`select 1 from changes`.execute(vault.database.owner)).rows.length;
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
    const order = { credentialId, jobId: null, author, signal };
    expect(await changeSecret(changeParts(vault), order)).toEqual({ state: 'changed', caveat: null });
    const current = await currentOf(credentialId);
    expect(current.reveal()).not.toBe(passwordOf('whole'));
    expect(await letsIn(credentialId, current)).toBe(true);
    expect(await letsIn(credentialId, new Secret(passwordOf('whole')))).toBe(false);
    expect(await credentialOf(vault, credentialId)).toMatchObject({ isVerified: true });
    expect(await leftOver()).toBe(0);
  });

  test.each(cuts)('by %s that is cut off before the step "%s" loses nothing', async (kind, step) => {
    const name = `${kind}-${step}`;
    const { credentialId, first } = kind === 'key' ? await keepKey(name) : await keepPassword(name);
    const ended = await promisify(execFile)(process.execPath, [main, vault.home, credentialId, step], {
      env: { ...process.env, DATABASE_URL: vault.test.url, NODE_NO_WARNINGS: '1' },
    }).catch((error: unknown) => error);
    expect(ended).toMatchObject({ signal: 'SIGKILL' });

    if (step !== 'write') await settleInTime(vault, credentialId);
    const current = await currentOf(credentialId);
    expect(await letsIn(credentialId, current), 'the current secret works').toBe(true);
    if (current.reveal() !== first.reveal()) expect(await letsIn(credentialId, first), 'no other does').toBe(false);
    expect(await leftOver()).toBe(0);
    // And the next change goes through as if nothing had happened.
    const outcome = await changeSecret(changeParts(vault), { credentialId, jobId: null, author, signal });
    expect(outcome).toEqual({ state: 'changed', caveat: null });
    expect(await letsIn(credentialId, await currentOf(credentialId))).toBe(true);
    expect((await vault.parts.audit.verify(signal)).isWhole).toBe(true);
  });

  test('is made once where two workers are asked for it at the same moment', async () => {
    const { credentialId } = await keepPassword('raced');
    const order = { credentialId, jobId: null, author, signal };
    const outcomes = await Promise.all(
      [changeParts(vault), changeParts(vault)].map((parts) => changeSecret(parts, order)),
    );
    expect(outcomes.map(({ state }) => state).toSorted()).toEqual(['busy', 'changed']);
    expect(await letsIn(credentialId, await currentOf(credentialId))).toBe(true);
  });

  test('goes on with the password before where a host was restored to it', async () => {
    const { credentialId } = await keepPassword('restored');
    const order = { credentialId, jobId: null, author, signal };
    expect((await changeSecret(changeParts(vault), order)).state).toBe('changed');
    await server.asRoot('chpasswd', `restored:${passwordOf('restored')}\n`);
    expect((await changeSecret(changeParts(vault), order)).state).toBe('unchanged');
    expect((await currentOf(credentialId)).reveal()).toBe(passwordOf('restored'));
    expect((await changeSecret(changeParts(vault), order)).state).toBe('changed');
    expect(await letsIn(credentialId, await currentOf(credentialId))).toBe(true);
  });
});
