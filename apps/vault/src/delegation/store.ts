import type { Sql } from '@gatehouse/database';
import { hashToken } from '@gatehouse/server';
import { sql } from 'kysely';
import type { GlobalRights, Rights } from './model.ts';

export interface GlobalPermission extends GlobalRights {
  readonly identityId: string;
  readonly name: string;
}

/** Null takes them all away. What is left out stays as it was. */
export const setGlobalPermission = async (
  tx: Sql,
  identityId: string,
  to: (Omit<GlobalRights, 'globalApprover'> & Partial<GlobalRights>) | null,
): Promise<void> => {
  if (to === null) {
    await sql`delete from global_permissions where identity_id = ${identityId}`.execute(tx);
    return;
  }
  const globalApprover = to.globalApprover ?? null;
  await sql`
    insert into global_permissions as p (identity_id, log_in, all_access, ignore_password_checkout, global_approver)
    values (${identityId}, ${to.logIn}, ${to.allAccess}, ${to.ignorePasswordCheckout}, coalesce(${globalApprover}::boolean, false))
    on conflict (identity_id) do update set log_in = excluded.log_in, all_access = excluded.all_access,
      ignore_password_checkout = excluded.ignore_password_checkout,
      global_approver = coalesce(${globalApprover}::boolean, p.global_approver)`.execute(tx);
};

/** What a delegation is about. */
export type Scope = { readonly credentialId: string } | { readonly setId: string };

export interface Delegation extends Rights {
  readonly delegationId: string;
  readonly identityId: string;
  readonly identity: string;
  readonly credentialId: string | null;
  readonly setId: string | null;
}

/** One row for an identity and a scope: what it had there before is replaced. */
export const putDelegation = async (
  tx: Sql,
  of: { readonly delegationId: string; readonly identityId: string; readonly scope: Scope; readonly rights: Rights },
  at: Date,
): Promise<void> => {
  const { delegationId, identityId, scope, rights } = of;
  const credentialId = 'credentialId' in scope ? scope.credentialId : null;
  const setId = 'setId' in scope ? scope.setId : null;
  await sql`delete from delegations where identity_id = ${identityId}
    and credential_id is not distinct from ${credentialId}::uuid and set_id is not distinct from ${setId}::uuid`.execute(
    tx,
  );
  await sql`
    insert into delegations (delegation_id, identity_id, credential_id, set_id, view_accounts, view_passwords,
      request_passwords, grant_requests, remote_sessions, spin, created_at)
    values (${delegationId}, ${identityId}, ${credentialId}, ${setId}, ${rights.viewAccounts}, ${rights.viewPasswords},
      ${rights.requestPasswords}, ${rights.grantRequests}, ${rights.remoteSessions}, ${rights.spin}, ${at})`.execute(
    tx,
  );
};

export const deleteDelegation = async (tx: Sql, delegationId: string): Promise<void> => {
  await sql`delete from delegations where delegation_id = ${delegationId}`.execute(tx);
};

export interface ImpersonationMapping {
  readonly identityId: string;
  readonly identity: string;
  readonly targetId: string;
  readonly target: string;
}

/** True where that changed something. */
export const setImpersonation = async (
  tx: Sql,
  identityId: string,
  targetId: string,
  may: boolean,
): Promise<boolean> => {
  const { rows } = may
    ? await sql`insert into impersonation_mappings (identity_id, target_id) values (${identityId}, ${targetId})
        on conflict do nothing returning identity_id`.execute(tx)
    : await sql`delete from impersonation_mappings where identity_id = ${identityId} and target_id = ${targetId}
        returning identity_id`.execute(tx);
  return rows.length > 0;
};

/** Whether everything that the caller holds lets it act as somebody who holds all this. */
export const mayImpersonate = async (
  tx: Sql,
  holds: readonly string[],
  target: readonly string[],
): Promise<boolean> => {
  const { rows } = await sql<{ may: boolean }>`
    select exists (select from impersonation_mappings
      where identity_id = any(${[...holds]}::uuid[]) and target_id = any(${[...target]}::uuid[])) as may`.execute(tx);
  return rows[0]?.may ?? false;
};

export interface ApiRegistration {
  readonly registrationId: string;
  readonly name: string;
  readonly networks: readonly string[];
  readonly enabled: boolean;
  readonly usedAt: Date | null;
}

export const registration = sql`registration_id as "registrationId", name, networks, enabled, used_at as "usedAt"`;

export const findRegistration = async (tx: Sql, registrationId: string): Promise<ApiRegistration | null> => {
  const { rows } = await sql<ApiRegistration>`
    select ${registration} from api_registrations where registration_id = ${registrationId}`.execute(tx);
  return rows[0] ?? null;
};

/** The use is noted at most once a minute: every call writing the same row would make them wait for each other. */
export const findRegistrationByKey = async (tx: Sql, key: string, now: Date): Promise<ApiRegistration | null> => {
  const { rows } = await sql<ApiRegistration>`
    select ${registration} from api_registrations where key_hash = ${hashToken(key)} and enabled`.execute(tx);
  const [found] = rows;
  if (found === undefined) return null;
  if (found.usedAt === null || now.getTime() - found.usedAt.getTime() > 60_000)
    await sql`update api_registrations set used_at = ${now} where registration_id = ${found.registrationId}`.execute(
      tx,
    );
  return found;
};

/** Whether calls need a key: as soon as there is one registration, a disabled one included. */
export const needsRegistration = async (tx: Sql): Promise<boolean> => {
  const { rows } = await sql<{ needed: boolean }>`select exists (select from api_registrations) as needed`.execute(tx);
  return rows[0]?.needed ?? false;
};

export const insertRegistration = async (
  tx: Sql,
  of: Pick<ApiRegistration, 'registrationId' | 'name' | 'networks'> & { readonly key: string },
  at: Date,
): Promise<void> => {
  await sql`insert into api_registrations (registration_id, name, key_hash, networks, enabled, created_at)
    values (${of.registrationId}, ${of.name}, ${hashToken(of.key)}, ${[...of.networks]}, true, ${at})`.execute(tx);
};

export const updateRegistration = async (
  tx: Sql,
  registrationId: string,
  change: { readonly networks?: readonly string[] | undefined; readonly enabled?: boolean | undefined },
): Promise<boolean> => {
  const networks = change.networks === undefined ? null : [...change.networks];
  const { rows } = await sql`
    update api_registrations set networks = coalesce(${networks}::text[], networks), enabled = coalesce(${change.enabled ?? null}, enabled)
    where registration_id = ${registrationId} returning registration_id`.execute(tx);
  return rows.length > 0;
};

export const deleteRegistration = async (tx: Sql, registrationId: string): Promise<boolean> => {
  const { rows } =
    await sql`delete from api_registrations where registration_id = ${registrationId} returning registration_id`.execute(
      tx,
    );
  return rows.length > 0;
};
