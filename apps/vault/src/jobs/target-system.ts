import type { Database, Sql } from '@gatehouse/database';
import { Fault, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import {
  type Credential,
  type CredentialType,
  findCredential,
  findSystem,
  placeOf,
  readCurrentSecret,
  type System,
} from '../credentials/index.ts';
import { type Envelope, openSecret } from '../keys/index.ts';
import type { By, ManagedAccount, ManagedSystem, PlatformId, Proof, Trust } from '../platforms/index.ts';

/** Everything that it takes to sign in to the system of a credential, and to change what is there. */
export interface TargetSystem {
  readonly credential: Credential;
  readonly system: ManagedSystem;
  readonly account: ManagedAccount;
  readonly platform: PlatformId;
  /** What works as far as the vault knows; null: nothing is stored yet. */
  readonly current: Proof | null;
  /** Who makes a change there. @throws Fault `misconfigured` where nobody can */
  by(): By;
}

const platformOf: Readonly<Record<CredentialType, PlatformId>> = {
  ...{ linux: 'linux-password', ssh_key: 'ssh-key', windows: 'active-directory' },
  ...{ postgresql: 'postgresql', mysql: 'mysql', custom: 'custom' },
};

/** Reads all of it in one transaction. @throws Fault where the credential is not there, or its system cannot be changed */
export const openTarget = async (
  tx: Sql,
  envelope: Envelope,
  credentialId: string,
  onHostKey: (systemId: string, fingerprint: string) => Promise<void>,
): Promise<TargetSystem> => {
  const credential = await findCredential(tx, credentialId);
  const system = credential && (await findSystem(tx, credential.systemId));
  if (!credential || !system) throw new Fault('misconfigured', 'The credential is not there any more.', credentialId);
  if (credential.type === 'windows' && system.kind !== 'domain')
    throw new Fault(
      'misconfigured',
      `${system.name} is a single Windows computer. Passwords are changed in domains only; store this one when it was changed there.`,
    );
  const current = await proofOf(tx, envelope, credential);
  const login =
    system.loginCredentialId === null || system.loginCredentialId === credentialId
      ? null
      : await readLogin(tx, envelope, system.loginCredentialId);
  return {
    ...{ credential, current, account: toAccount(credential), platform: platformOf[credential.type] },
    system: toManagedSystem(system, credential.type, onHostKey),
    by() {
      if (login !== null) return { kind: 'login', ...login, current };
      if (current !== null) return { kind: 'self', proof: current };
      throw new Fault(
        'misconfigured',
        `Nobody can change the password of ${credential.accountName} on ${system.name}: none is stored, and the system has no login account.`,
      );
    },
  };
};

export const toProof = ({ type }: Pick<Credential, 'type'>, secret: Secret): Proof =>
  type === 'ssh_key'
    ? { kind: 'ssh-key', privateKey: secret, passphrase: null }
    : { kind: 'password', password: secret };

/** A secret of a credential by its id, as a proof. */
export const readProof = async (
  tx: Sql,
  envelope: Envelope,
  credential: Credential,
  secretId: string,
): Promise<Proof> => toProof(credential, await openSecret(tx, envelope, secretId, placeOf(credential.credentialId)));

const proofOf = async (tx: Sql, envelope: Envelope, credential: Credential): Promise<Proof | null> =>
  credential.secretId === null ? null : toProof(credential, await readCurrentSecret(tx, envelope, credential));

const readLogin = async (tx: Sql, envelope: Envelope, credentialId: string) => {
  const credential = await findCredential(tx, credentialId);
  const proof = credential && (await proofOf(tx, envelope, credential));
  if (!credential || !proof)
    throw new Fault('misconfigured', 'No password of the login account of this system is stored. Store it first.');
  return { account: toAccount(credential), proof };
};

const toAccount = ({ namespace, accountName, instanceName }: Credential): ManagedAccount => ({
  ...{ namespace, name: accountName, instance: instanceName },
});

const toManagedSystem = (
  { systemId, name, address, port, trust }: System,
  type: CredentialType,
  onHostKey: (systemId: string, fingerprint: string) => Promise<void>,
): ManagedSystem => ({
  ...{ name, address: address ?? name, port, trust: toTrust(trust, type, (key) => onHostKey(systemId, key)) },
});

/** What stands for "no TLS" among what is trusted: an administrator has to write it. */
export const unencrypted = 'unencrypted';

const toTrust = (
  trust: readonly string[],
  type: CredentialType,
  onHostKey: (fingerprint: string) => Promise<void>,
): Trust => {
  if (type === 'linux' || type === 'ssh_key' || type === 'custom') {
    if (trust.length > 0) return { kind: 'host-key', fingerprints: trust };
    return {
      kind: 'first-use',
      onHostKey: async ({ fingerprint }) => {
        await onHostKey(fingerprint);
        return true;
      },
    };
  }
  if (trust.includes(unencrypted)) return { kind: 'unencrypted' };
  return { kind: 'certificate', authorities: trust.length === 0 ? null : trust.join('\n') };
};

/** What keeps the host key of a system that had none. @throws Fault where another one was trusted a moment ago */
export const pinning =
  (database: Database) =>
  async (systemId: string, fingerprint: string): Promise<void> => {
    if (await database.system((tx) => pinHostKey(tx, systemId, fingerprint))) return;
    throw new Fault(
      'misconfigured',
      `Another host key of this system was trusted a moment ago; this one is ${fingerprint}.`,
    );
  };

/** False where another process pinned another meanwhile. */
const pinHostKey = async (tx: Sql, systemId: string, fingerprint: string): Promise<boolean> => {
  const { rows } = await sql<{ trust: string[] }>`
    update systems set trust = case when trust = '{}' then array[${fingerprint}] else trust end
    where system_id = ${systemId} returning trust`.execute(tx);
  return rows[0]?.trust.includes(fingerprint) ?? false;
};
