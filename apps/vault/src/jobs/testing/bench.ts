import { newId, Secret, systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Credential, findCredential, storeSecret } from '../../credentials/index.ts';
import type { TestVault } from '../../testing/test-vault.ts';
import type { ChangeParts } from '../change-parts.ts';
import { newSecret } from '../new-secret.ts';
import { platforms } from '../platforms.ts';

/** What a worker of a test works with. */
export const changeParts = ({ parts }: TestVault, more: Partial<ChangeParts> = {}): ChangeParts => ({
  ...parts,
  ...{ platforms, newSecret, worker: newId<string>(), ...more },
});

/** A system and a credential on it, with the secret that works there. */
export const keep = async (
  vault: TestVault,
  of: {
    readonly system: {
      readonly kind: string;
      readonly address: string;
      readonly port: number;
      readonly trust: readonly string[];
    };
    readonly type: Credential['type'];
    readonly namespace: string;
    readonly accountName: string;
    readonly secret: string;
    /** Left out: each account changes its own. */
    readonly loginCredentialId?: string;
    /** Left out: a system of its own. */
    readonly systemId?: string;
  },
): Promise<{ readonly credentialId: string; readonly systemId: string }> => {
  const credentialId = newId<string>();
  const systemId = of.systemId ?? newId<string>();
  const { kind, address, port, trust } = of.system;
  const at = systemClock.now();
  await vault.database.system(async (tx) => {
    if (of.systemId === undefined)
      await sql`insert into systems (system_id, name, address, kind, port, trust, login_credential_id, created_at)
        values (${systemId}, ${`host-${systemId.slice(-6)}`}, ${address}, ${kind}, ${port}, ${[...trust]},
          ${of.loginCredentialId ?? null}, ${at})`.execute(tx);
    await sql`insert into credentials (credential_id, system_id, namespace, account_name, type, is_random, auto_spin, created_at)
      values (${credentialId}, ${systemId}, ${of.namespace}, ${of.accountName}, ${of.type}, true, true, ${at})`.execute(
      tx,
    );
    const secret = new Secret(of.secret);
    await storeSecret(tx, vault.parts.envelope, { credentialId, secret, at, isVerified: null });
  });
  return { credentialId, systemId };
};

export const credentialOf = async (vault: TestVault, credentialId: string): Promise<Credential> => {
  const credential = await vault.database.system((tx) => findCredential(tx, credentialId));
  if (credential === null) throw new Error('the credential of the test is not there');
  return credential;
};
