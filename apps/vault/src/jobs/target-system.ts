import type { Sql } from '@gatehouse/database';
import type { HostKey } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Author } from '../audit/index.ts';
import {
  type Credential,
  type CredentialType,
  findCredential,
  findSystem,
  placeOf,
  readCurrentSecret,
  type System,
} from '../credentials/index.ts';
import { findCustomPlatform } from '../custom-platforms/index.ts';
import { type Envelope, openSecret } from '../keys/index.ts';
import type { VaultParts } from '../parts.ts';
import {
  type By,
  custom,
  type FirstUse,
  type ManagedAccount,
  type ManagedSystem,
  type Platform,
  type PlatformId,
  type Proof,
  type Trust,
} from '../platforms/index.ts';

/** Everything that it takes to sign in to the system of a credential, and to change what is there. */
export interface TargetSystem {
  readonly credential: Credential;
  readonly system: ManagedSystem;
  readonly account: ManagedAccount;
  /** Null: one of those that the vault knows, by its id. */
  readonly custom: Platform | null;
  readonly platform: PlatformId;
  /** What works as far as the vault knows; null: nothing is stored yet. */
  readonly current: Proof | null;
  /** Who makes a change there. @throws Fault `misconfigured` where nobody can */
  by(): By;
}

const platformOf: Readonly<Record<CredentialType, PlatformId>> = {
  ...{ linux: 'linux-password', ssh_key: 'ssh-key', windows: 'active-directory' },
  ...{ postgresql: 'postgresql', mysql: 'mysql', sqlserver: 'sqlserver', custom: 'custom' },
};

/** Reads all of it in one transaction. @throws Fault where the credential is not there, or its system cannot be changed */
export const openTarget = async (
  tx: Sql,
  envelope: Envelope,
  credentialId: string,
  firstUse: (systemId: string) => FirstUse,
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
  const described = system.platformId === null ? null : await findCustomPlatform(tx, system.platformId);
  return {
    ...{ credential, current, account: toAccount(credential), platform: platformOf[credential.type] },
    custom: described && credential.type === 'custom' ? custom(described.name, described.rules, login) : null,
    system: toManagedSystem(system, credential.type, firstUse),
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
  firstUse: (systemId: string) => FirstUse,
): ManagedSystem => ({
  ...{ name, address: address ?? name, port, trust: toTrust(trust, type, () => firstUse(systemId)) },
});

/** What stands for "no TLS" among what is trusted: an administrator has to write it. */
export const unencrypted = 'unencrypted';

const toTrust = (trust: readonly string[], type: CredentialType, firstUse: () => FirstUse): Trust => {
  if (type === 'linux' || type === 'ssh_key' || type === 'custom')
    return trust.length > 0 ? { kind: 'host-key', fingerprints: trust } : firstUse();
  if (trust.includes(unencrypted)) return { kind: 'unencrypted' };
  return { kind: 'certificate', authorities: trust.length === 0 ? null : trust.join('\n') };
};

/** Trusts what a system of which no host key is known shows first, and keeps it once the system let an account in. */
export const firstUseOf =
  ({ database, audit }: Pick<VaultParts, 'database' | 'audit'>, author: Author) =>
  (systemId: string): FirstUse => ({
    kind: 'first-use',
    async isTrusted(key) {
      // Kept by another sign-in since the system was read, of this worker or of another one.
      const trust = await database.system((tx) => readTrust(tx, systemId));
      return trust.length === 0 || trust.some((one) => isOf(one, key));
    },
    async keep(key) {
      const written = `${key.type} ${key.fingerprint}`;
      const trust = await database.system(async (tx) => {
        const name = await pinHostKey(tx, systemId, written);
        if (name === null) return readTrust(tx, systemId);
        await audit.write(tx, author, {
          ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: name },
          ...{ message: `trusts the host key of ${name} from its first use on`, arguments: { hostKey: written } },
        });
        return [written];
      });
      if (trust.some((one) => isOf(one, key))) return;
      throw new Fault(
        'misconfigured',
        `Another host key of this system was trusted a moment ago; this one is ${key.fingerprint}.`,
      );
    },
  });

/** What is trusted is written with the type of the key before it, or without. */
const isOf = (trusted: string, { fingerprint }: HostKey): boolean =>
  trusted.trim().split(/\s+/).at(-1)?.replace(/=$/, '') === fingerprint;

const readTrust = async (tx: Sql, systemId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ trust: string[] }>`select trust from systems where system_id = ${systemId}`.execute(tx);
  return rows[0]?.trust ?? [];
};

/** The name of the system; null where something is trusted there already. */
const pinHostKey = async (tx: Sql, systemId: string, hostKey: string): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    update systems set trust = array[${hostKey}] where system_id = ${systemId} and trust = '{}' returning name`.execute(
    tx,
  );
  return rows[0]?.name ?? null;
};
