import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { listEntries } from '../audit/index.ts';
import { type FirstUse, linuxPassword, type Platform } from '../platforms/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { changeParts, keep } from './testing/bench.ts';
import { changeNow } from './testing/cut-off.ts';
import { verifySecret } from './verify-secret.ts';

const reason = noOpenSsh();
const planted = () => `Planted-${randomBytes(6).toString('hex')}`;
const author = { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' } as const;

describe.skipIf(reason !== null)(
  `a host that nobody knows yet${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    const ada: Account = { name: 'ada', password: planted() };
    let server: OpenSsh;
    let other: OpenSsh;
    let vault: TestVault;
    beforeAll(async () => {
      [server, other, vault] = await Promise.all([
        startOpenSsh([ada]),
        startOpenSsh([ada]),
        testVault({ role: 'web' }),
      ]);
    });
    afterAll(async () => {
      await Promise.all([server?.stop(), other?.stop(), vault?.close()]);
    });

    const keepAda = (secret: string, systemId?: string) =>
      keep(vault, {
        system: { kind: 'linux', address: server.address, port: server.port, trust: [] },
        ...{ type: 'linux', namespace: '[Linux]', accountName: ada.name, secret },
        ...(systemId !== undefined && { systemId }),
      });
    const verify = (credentialId: string, parts = changeParts(vault)) =>
      verifySecret(parts, {
        ...{ credentialId, jobId: null, author, signal: new AbortController().signal },
      });
    const trustOf = async (systemId: string) => {
      const { rows } = await sql<{ trust: string[] }>`select trust from systems where system_id = ${systemId}`.execute(
        vault.database.owner,
      );
      return rows[0]?.trust;
    };
    const lead = (systemId: string, { port }: OpenSsh) =>
      sql`update systems set port = ${port} where system_id = ${systemId}`.execute(vault.database.owner);

    test('is trusted once it let the account in, and not where it showed a key and refused the account', async () => {
      const { credentialId, systemId } = await keepAda(planted());
      expect(await verify(credentialId)).toBe(false);
      expect((await changeNow(vault, credentialId)).state).toBe('unchanged');
      expect(await trustOf(systemId)).toEqual([]);
      await sql`update credentials set account_name = 'nobody-there' where credential_id = ${credentialId}`.execute(
        vault.database.owner,
      );
      const right = await keepAda(ada.password, systemId);
      expect(await verify(right.credentialId)).toBe(true);
      expect(await trustOf(systemId)).toEqual([server.hostKeys.ed25519]);
      const entries = await vault.database.system((tx) =>
        listEntries(tx, sql`message like 'trusts the host key of%'`, 'oldest', 10),
      );
      expect(entries).toMatchObject([{ actor: 'test', arguments: { hostKey: server.hostKeys.ed25519 } }]);
    });

    test('is the only one from then on: another one at its address is given no password', async () => {
      const { credentialId, systemId } = await keepAda(ada.password);
      expect(await verify(credentialId)).toBe(true);
      await lead(systemId, other);
      const before = other.log().length;
      await expect(verify(credentialId)).rejects.toMatchObject({ kind: 'misconfigured' });
      expect((await changeNow(vault, credentialId)).state).toBe('unchanged');
      expect(other.log().slice(before)).not.toContain(ada.name);
      expect(await trustOf(systemId)).toEqual([server.hostKeys.ed25519]);
    });

    test('is the only one within a change that began before it was known', async () => {
      const { credentialId, systemId } = await keepAda(ada.password);
      const before = server.log().length;
      // Read while nothing was trusted; by the time that it signs in, another sign-in has met the other host.
      const parts = changeParts(vault, {
        onStep: async (step) => {
          if (step !== 'change') return;
          await sql`update systems set trust = ${[other.hostKeys.ed25519]} where system_id = ${systemId}`.execute(
            vault.database.owner,
          );
        },
      });
      expect(await changeNow(vault, credentialId, parts)).toMatchObject({ state: 'unchanged' });
      expect(await trustOf(systemId)).toEqual([other.hostKeys.ed25519]);
      expect(server.log().slice(before)).not.toContain(ada.name);
      await sql`update systems set trust = '{}' where system_id = ${systemId}`.execute(vault.database.owner);
      expect(await verify(credentialId)).toBe(true);
    });

    test('is one host where two sign-ins meet two at the same moment', async () => {
      const { credentialId, systemId } = await keepAda(ada.password);
      const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const slow: Platform = {
        ...linuxPassword,
        verify: (system, ...rest) => {
          const { trust } = system;
          if (trust.kind !== 'first-use') throw new Error('the test is about a first use');
          const keepLate: FirstUse['keep'] = async (key) => {
            reached.resolve();
            await gate.promise;
            await trust.keep(key);
          };
          return linuxPassword.verify({ ...system, trust: { ...trust, keep: keepLate } }, ...rest);
        },
      };
      const first = verify(credentialId, changeParts(vault, { platforms: new Map([[slow.id, slow]]) }));
      await reached.promise;
      await lead(systemId, other);
      expect(await verify(credentialId)).toBe(true);
      gate.resolve();
      await expect(first).rejects.toMatchObject({ kind: 'misconfigured' });
      expect(await trustOf(systemId)).toEqual([other.hostKeys.ed25519]);
    });
  },
);
