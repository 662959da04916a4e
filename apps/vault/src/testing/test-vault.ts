import { newId } from '@gatehouse/kernel';
import { hashPassword } from '@gatehouse/server';
import { type TestClient, type TestProgram, testClient, testPassword, testProgram } from '@gatehouse/server/testing';
import { setGlobalPermission } from '../delegation/index.ts';
import { type IdentityKind, insertIdentity } from '../identities/index.ts';
import { migrations } from '../migrations.ts';
import type { VaultParts } from '../parts.ts';
import { startVault, type VaultOptions, type VaultProgram } from '../start.ts';

export interface TestVault extends Omit<TestProgram<VaultProgram>, 'program' | 'another'> {
  readonly vault: VaultProgram;
  readonly parts: VaultParts;
  /** Nobody. */
  readonly stranger: TestClient;
  /** An identity; an explicit one signs in with `testPassword`, and may log in. */
  identity(name: string, kind?: IdentityKind): Promise<string>;
  /** Another copy of the program on the same database and keys. */
  another(options?: Partial<VaultOptions>): Promise<VaultProgram>;
}

export const identityPassword = testPassword;
let hashed: Promise<string> | null = null;

/** The whole program on a free port of loopback, with a database of its own. */
export const testVault = async (options: Partial<VaultOptions> = {}): Promise<TestVault> => {
  const start =
    (more: Partial<VaultOptions> = {}) =>
    (given: VaultOptions) =>
      startVault({ ...given, ...more });
  const running = await testProgram('vault', migrations, start(options));
  const { program: vault, database, url } = running;
  return {
    ...{ ...running, vault, parts: vault.parts },
    stranger: testClient(url),
    identity: async (name, kind = 'explicit') => {
      hashed ??= hashPassword(identityPassword);
      const passwordHash = kind === 'explicit' ? await hashed : null;
      const identityId = newId<string>();
      await database.system(async (tx) => {
        const identity = { identityId, kind, name, comment: '', passwordHash, personId: null };
        await insertIdentity(tx, identity, new Date());
        await setGlobalPermission(tx, identityId, { logIn: true, allAccess: false, ignorePasswordCheckout: false });
      });
      return identityId;
    },
    another: (more) => running.another(start(more)),
  };
};
