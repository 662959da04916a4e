import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Envelope, openSecret, putSecret } from '../keys/index.ts';
import { Refusal } from '../refusal.ts';
import { type Credential, type CredentialName, placeOf, type System } from './model.ts';

/** Columns of a `Credential`, of `credentials c join systems s`. */
export const credentialColumns = sql`c.credential_id as "credentialId", c.system_id as "systemId", s.name as "systemName",
  s.kind as "systemKind", c.namespace, c.account_name as "accountName", c.instance_name as "instanceName", c.type,
  c.policy_id as "policyId", c.is_random as "isRandom", c.auto_spin as "autoSpin", c.comment, c.asset_tag as "assetTag",
  c.secret_id as "secretId", c.secret_at as "secretAt", c.verified_at as "verifiedAt", c.is_verified as "isVerified"`;

/** Columns of a `System`, of `systems s`. */
export const systemColumns = sql`s.system_id as "systemId", s.name, s.address, s.kind, s.domain_netbios as "domainNetbios",
  s.domain_dns as "domainDns", s.port, s.platform_id as "platformId",
  (select p.name from custom_platforms p where p.platform_id = s.platform_id) as "platformName", s.trust,
  s.login_credential_id as "loginCredentialId", s.comment, s.asset_tag as "assetTag"`;

export const findSystem = async (tx: Sql, systemId: string): Promise<System | null> => {
  const { rows } = await sql<System>`select ${systemColumns} from systems s where s.system_id = ${systemId}`.execute(
    tx,
  );
  return rows[0] ?? null;
};

export const findCredential = async (tx: Sql, credentialId: string): Promise<Credential | null> => {
  const { rows } = await sql<Credential>`
    select ${credentialColumns} from credentials c join systems s using (system_id)
    where c.credential_id = ${credentialId}`.execute(tx);
  return rows[0] ?? null;
};

/** Every credential that a name may mean: at most 20. Rights are the caller's to look at. */
export const findCredentialsByName = async (tx: Sql, name: CredentialName): Promise<readonly Credential[]> => {
  const { rows } = await sql<Credential>`
    select ${credentialColumns} from credentials c join systems s using (system_id)
    where ${isNamed(name)} order by c.credential_id limit 20`.execute(tx);
  return rows;
};

/** Over `credentials c` and `systems s`. */
export const isNamed = ({ systemName, namespace, accountName, instanceName }: CredentialName) => sql`
  lower(s.name) = lower(${systemName}) and lower(c.account_name) = lower(${accountName})
    and (${namespace}::text is null or lower(c.namespace) = lower(${namespace}))
    and (${instanceName ?? null}::text is null or lower(c.instance_name) = lower(${instanceName ?? ''}))`;

/** The secret that works, as far as the vault knows. @throws Refusal `not_found` where none is stored */
export const readCurrentSecret = async (tx: Sql, envelope: Envelope, credential: Credential): Promise<Secret> => {
  if (credential.secretId === null)
    throw new Refusal(
      'not_found',
      `No password of ${credential.accountName} on ${credential.systemName} is stored yet.`,
    );
  return openSecret(tx, envelope, credential.secretId, placeOf(credential.credentialId));
};

/** Holds others off until the transaction ends, so that two cannot store a secret at once. */
export const lockCredential = async (tx: Sql, credentialId: string): Promise<void> => {
  await sql`select from credentials where credential_id = ${credentialId} for no key update`.execute(tx);
};

/**
 * Stores a secret as the current one; the one before becomes a former one. It does so also while a change is under way:
 * whoever settles that change finds out which of the secrets works.
 */
export const storeSecret = async (
  tx: Sql,
  envelope: Envelope,
  of: {
    readonly credentialId: string;
    readonly secret: Secret;
    readonly at: Date;
    readonly isVerified: boolean | null;
  },
): Promise<void> => {
  const { credentialId, secret, at } = of;
  const secretId = await putSecret(tx, envelope, { secret, place: placeOf(credentialId), at });
  await makeCurrent(tx, { ...of, secretId });
};

/** Makes a secret that is stored already the current one. `isVerified` null: nobody tried it. */
export const makeCurrent = async (
  tx: Sql,
  of: {
    readonly credentialId: string;
    readonly secretId: string;
    readonly at: Date;
    readonly isVerified: boolean | null;
  },
): Promise<void> => {
  const { credentialId, secretId, at, isVerified } = of;
  // Of two at once the second sees what the first has made current, and keeps it.
  await lockCredential(tx, credentialId);
  await sql`
    insert into former_secrets (credential_id, secret_id, since, until)
    select credential_id, secret_id, secret_at, ${at} from credentials
    where credential_id = ${credentialId} and secret_id is not null and secret_id <> ${secretId}
    on conflict do nothing`.execute(tx);
  await sql`
    update credentials set secret_id = ${secretId}, secret_at = ${at}, is_verified = ${isVerified},
      verified_at = case when ${isVerified}::boolean is null then null else ${at}::timestamptz end
    where credential_id = ${credentialId}`.execute(tx);
};

/** Keeps a secret among the former ones that never was the current one. */
export const keepFormer = async (tx: Sql, credentialId: string, secretId: string, at: Date): Promise<void> => {
  await sql`insert into former_secrets (credential_id, secret_id, since, until)
    values (${credentialId}, ${secretId}, ${at}, ${at}) on conflict do nothing`.execute(tx);
};

/** The ids of former secrets, newest first. */
export const listFormer = async (tx: Sql, credentialId: string, most: number): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select secret_id as id from former_secrets where credential_id = ${credentialId}
    order by until desc, since desc limit ${most}`.execute(tx);
  return rows.map(({ id }) => id);
};
