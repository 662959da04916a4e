import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { deleteSecrets } from '../keys/index.ts';
import type { Credential } from './model.ts';

/** What is kept of a credential beside its secret. */
export type CredentialRow = Pick<
  Credential,
  | ('credentialId' | 'systemId' | 'namespace' | 'accountName' | 'instanceName' | 'type' | 'policyId')
  | ('autoSpin' | 'comment' | 'assetTag')
>;

/** Without a secret; `storeSecret` gives it one. */
export const insertCredential = (tx: Sql, row: CredentialRow, at: Date): Promise<void> => insert(tx, row, at, sql``);

const insert = async (tx: Sql, row: CredentialRow, at: Date, otherwise: RawBuilder<unknown>): Promise<void> => {
  await sql`
    insert into credentials (credential_id, system_id, namespace, account_name, instance_name, type, policy_id, is_random,
      auto_spin, comment, asset_tag, created_at)
    values (${row.credentialId}, ${row.systemId}, ${row.namespace}, ${row.accountName}, ${row.instanceName}, ${row.type},
      ${row.policyId}, false, ${row.autoSpin}, ${row.comment}, ${row.assetTag}, ${at}) ${otherwise}`.execute(tx);
};

/**
 * The id of the account of this name, made where there is none, and held until the transaction ends; null where it was
 * deleted at this moment. What is there keeps what is described.
 */
export const ensureCredential = async (tx: Sql, row: CredentialRow, at: Date): Promise<string | null> => {
  await insert(tx, row, at, sql`on conflict do nothing`);
  const { rows } = await sql<{ id: string }>`
    select credential_id as id from credentials
    where system_id = ${row.systemId} and lower(namespace) = lower(${row.namespace})
      and lower(account_name) = lower(${row.accountName}) and lower(instance_name) = lower(${row.instanceName})
      and (type = 'ssh_key') = ${row.type === 'ssh_key'} for no key update`.execute(tx);
  return rows[0]?.id ?? null;
};

export const updateCredential = async (tx: Sql, row: CredentialRow): Promise<void> => {
  await sql`
    update credentials set namespace = ${row.namespace}, account_name = ${row.accountName},
      instance_name = ${row.instanceName}, policy_id = ${row.policyId}, auto_spin = ${row.autoSpin},
      comment = ${row.comment}, asset_tag = ${row.assetTag}
    where credential_id = ${row.credentialId}`.execute(tx);
};

export const describeCredential = async (
  tx: Sql,
  { credentialId, comment, assetTag }: Pick<Credential, 'credentialId' | 'comment' | 'assetTag'>,
): Promise<void> => {
  await sql`update credentials set comment = ${comment}, asset_tag = ${assetTag}
    where credential_id = ${credentialId}`.execute(tx);
};

/** Whether the vault made the current secret. */
export const setRandom = async (tx: Sql, credentialId: string, isRandom: boolean): Promise<void> => {
  await sql`update credentials set is_random = ${isRandom} where credential_id = ${credentialId}`.execute(tx);
};

/** With everything that it ever had as a secret. */
export const deleteCredential = async (tx: Sql, credentialId: string): Promise<void> => {
  const { rows } = await sql<{ id: string }>`
    select secret_id as id from credentials where credential_id = ${credentialId} and secret_id is not null
    union select secret_id from former_secrets where credential_id = ${credentialId}
    union select next_secret_id from changes where credential_id = ${credentialId}`.execute(tx);
  await sql`delete from credentials where credential_id = ${credentialId}`.execute(tx);
  await deleteSecrets(
    tx,
    rows.map(({ id }) => id),
  );
};

/** What keeps it from being deleted, in words; at most eleven. */
export const listUsesOfCredential = async (tx: Sql, credentialId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    (select concat('the system ', name, ', whose log-in it is') as name from systems where login_credential_id = ${credentialId})
    union all (select concat('the check-out by ', i.name) from checkouts o join identities i using (identity_id)
      where o.credential_id = ${credentialId} and o.checked_in_at is null)
    union all (select 'a change of its password that is under way' from changes where credential_id = ${credentialId})
    limit 11`.execute(tx);
  return rows.map(({ name }) => name);
};
