import type { Sql } from '@gatehouse/database';
import { hashToken } from '@gatehouse/server';
import { sql } from 'kysely';
import type { GlobalRights, Rights } from './model.ts';

export interface GlobalPermission extends GlobalRights {
  readonly identityId: string;
  readonly name: string;
}

export const listGlobalPermissions = async (tx: Sql): Promise<readonly GlobalPermission[]> => {
  const { rows } = await sql<GlobalPermission>`
    select p.identity_id as "identityId", i.name, p.log_in as "logIn", p.all_access as "allAccess",
      p.ignore_password_checkout as "ignorePasswordCheckout", p.global_approver as "globalApprover"
    from global_permissions p join identities i using (identity_id) order by lower(i.name)`.execute(tx);
  return rows;
};

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

/** Those of an identity, a credential or a set; by the name of the identity. */
export const listDelegations = async (
  tx: Sql,
  of: Partial<Record<'identityId' | 'credentialId' | 'setId', string>>,
): Promise<readonly Delegation[]> => {
  const { identityId = null, credentialId = null, setId = null } = of;
  const { rows } = await sql<Delegation>`
    select d.delegation_id as "delegationId", d.identity_id as "identityId", i.name as identity,
      d.credential_id as "credentialId", d.set_id as "setId", d.view_accounts as "viewAccounts",
      d.view_passwords as "viewPasswords", d.request_passwords as "requestPasswords",
      d.grant_requests as "grantRequests", d.remote_sessions as "remoteSessions", d.spin
    from delegations d join identities i using (identity_id)
    where (${identityId}::uuid is null or d.identity_id = ${identityId})
      and (${credentialId}::uuid is null or d.credential_id = ${credentialId})
      and (${setId}::uuid is null or d.set_id = ${setId})
    order by lower(i.name), d.delegation_id limit 2000`.execute(tx);
  return rows;
};

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

export const deleteDelegation = async (tx: Sql, delegationId: string): Promise<Delegation | null> => {
  const { rows } = await sql<Delegation>`
    delete from delegations where delegation_id = ${delegationId}
    returning delegation_id as "delegationId", identity_id as "identityId", credential_id as "credentialId", set_id as "setId"`.execute(
    tx,
  );
  return rows[0] ?? null;
};

export interface ImpersonationMapping {
  readonly identityId: string;
  readonly identity: string;
  readonly targetId: string;
  readonly target: string;
}

export const listImpersonationMappings = async (tx: Sql): Promise<readonly ImpersonationMapping[]> => {
  const { rows } = await sql<ImpersonationMapping>`
    select m.identity_id as "identityId", i.name as identity, m.target_id as "targetId", t.name as target
    from impersonation_mappings m join identities i on i.identity_id = m.identity_id
      join identities t on t.identity_id = m.target_id order by lower(i.name), lower(t.name)`.execute(tx);
  return rows;
};

export const setImpersonation = async (tx: Sql, identityId: string, targetId: string, may: boolean): Promise<void> => {
  if (may)
    await sql`insert into impersonation_mappings (identity_id, target_id) values (${identityId}, ${targetId})
      on conflict do nothing`.execute(tx);
  else
    await sql`delete from impersonation_mappings where identity_id = ${identityId} and target_id = ${targetId}`.execute(
      tx,
    );
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

const registration = sql`registration_id as "registrationId", name, networks, enabled, used_at as "usedAt"`;

export const listRegistrations = async (tx: Sql): Promise<readonly ApiRegistration[]> => {
  const { rows } =
    await sql<ApiRegistration>`select ${registration} from api_registrations order by lower(name)`.execute(tx);
  return rows;
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
