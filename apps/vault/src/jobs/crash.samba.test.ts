import { randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from '../../../../test/servers/samba/domain.ts';
import { ldapModify } from '../../../../test/servers/samba/ldap-tools.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { platforms } from './index.ts';
import { changeParts, keep } from './testing/bench.ts';
import { changeNow, currentOf, cutOff, expectNothingLost, letsIn } from './testing/cut-off.ts';
import { leading } from './testing/leading.ts';

const reason = noSamba();

describe.skipIf(reason !== null)(`a change in a real domain${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  let vault: TestVault;
  let loginCredentialId: string;
  beforeAll(async () => {
    [domain, vault] = await Promise.all([startDomain(), testVault({ role: 'web' })]);
    const { name, password } = domain.administrator;
    ({ credentialId: loginCredentialId } = await keepAccount(name, password));
  });
  afterAll(async () => {
    await Promise.all([domain?.stop(), vault?.close()]);
  });

  const parts = () => changeParts(vault, { platforms: leading(platforms.values(), [domain.address]) });
  const keepAccount = (accountName: string, secret: string, login?: string) =>
    keep(vault, {
      system: { kind: 'domain', address: domain.names.controller, port: 636, trust: [domain.ca] },
      ...{ type: 'windows', namespace: domain.names.netbios, accountName, secret },
      ...(login !== undefined && { loginCredentialId: login }),
    });
  const makeAccount = async (name: string) => {
    const text = `Planted-${randomBytes(8).toString('hex')}-7`;
    const value = Buffer.from(`"${text}"`, 'utf16le').toString('base64');
    await ldapModify(
      domain,
      domain.administrator,
      `dn: CN=${name},CN=Users,${domain.names.base}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${name}\nunicodePwd:: ${value}\nuserAccountControl: 512\n`,
    );
    const kept = await keepAccount(name, text, loginCredentialId);
    return { ...kept, first: new Secret(text) };
  };

  test('is made by the login account of the domain and proved by signing in', async () => {
    const { credentialId } = await makeAccount('whole');
    expect(await changeNow(vault, credentialId, parts())).toEqual({ state: 'changed', caveat: null });
    expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId), parts())).toBe(true);
    expect(await letsIn(vault, credentialId, new Secret('Planted-never-was-7'), parts())).toBe(false);
  });

  test.each(['send', 'change', 'note', 'keep'] as const)(
    'that is cut off before the step "%s" loses nothing',
    async (step) => {
      const { credentialId, first } = await makeAccount(`cut-${step}`);
      await cutOff(vault, credentialId, step, [domain.address]);
      // A domain takes the password before for an hour more.
      await expectNothingLost(vault, credentialId, first, { parts: parts(), oldMayWork: true });
    },
  );
});
