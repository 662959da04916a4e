import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { deleteSecrets } from '../keys/index.ts';
import { equals, found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { Identity, IdentityKind } from './model.ts';

const columns = sql`identity_id as "identityId", kind, name, enabled, person_id as "personId", comment,
  password_hash is not null as "maySignIn", totp_secret_id is not null as "hasSecondFactor"`;

/** An `Identity` out of a row of `identities`, for questions that answer more than it. */
export const identityObject = (row: RawBuilder<unknown>) => sql`
  jsonb_build_object('identityId', ${row}.identity_id, 'kind', ${row}.kind, 'name', ${row}.name, 'enabled', ${row}.enabled,
    'personId', ${row}.person_id, 'comment', ${row}.comment, 'maySignIn', ${row}.password_hash is not null,
    'hasSecondFactor', ${row}.totp_secret_id is not null)`;

export const findIdentity = async (tx: Sql, identityId: string): Promise<Identity | null> => {
  const { rows } = await sql<Identity>`select ${columns} from identities where identity_id = ${identityId}`.execute(tx);
  return rows[0] ?? null;
};

export const findIdentityByName = async (tx: Sql, name: string): Promise<Identity | null> => {
  const { rows } = await sql<Identity>`select ${columns} from identities where lower(name) = lower(${name})`.execute(
    tx,
  );
  return rows[0] ?? null;
};

export const findIdentityOfPerson = async (tx: Sql, personId: string): Promise<Identity | null> => {
  const { rows } = await sql<Identity>`select ${columns} from identities where person_id = ${personId}`.execute(tx);
  return rows[0] ?? null;
};

export interface IdentityQuery extends PageQuery {
  readonly search?: string | undefined;
  readonly kind?: IdentityKind | undefined;
}

/** By name. */
export const listIdentities = (tx: Sql, query: IdentityQuery): Promise<PageOf<Identity>> => {
  const { search, kind } = query;
  const where = sql`${found(search, sql`name`, sql`comment`)} and ${equals(sql`kind`, kind)}`;
  const scope = JSON.stringify(['identities', search, kind]);
  return readPage<Identity>(tx, { columns, from: sql`identities`, where, order: [sql`lower(name)`], scope }, query);
};

export interface NewIdentity extends Pick<Identity, 'identityId' | 'kind' | 'name' | 'comment'> {
  readonly passwordHash: string | null;
  readonly personId: string | null;
}

export const insertIdentity = async (tx: Sql, identity: NewIdentity, at: Date): Promise<void> => {
  const { identityId, kind, name, comment, passwordHash, personId } = identity;
  await sql`insert into identities (identity_id, kind, name, password_hash, person_id, comment, created_at)
    values (${identityId}, ${kind}, ${name}, ${passwordHash}, ${personId}, ${comment}, ${at})`.execute(tx);
};

export interface IdentityChange {
  readonly comment?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
  /** Null: nobody any more. */
  readonly personId?: string | null | undefined;
}

/** Ends its tokens where it may not sign in any more, or signs in with something else. */
export const updateIdentity = async (tx: Sql, identityId: string, change: IdentityChange): Promise<void> => {
  const { comment, enabled, passwordHash, personId } = change;
  await sql`update identities set comment = coalesce(${comment ?? null}, comment),
      enabled = coalesce(${enabled ?? null}, enabled), password_hash = coalesce(${passwordHash ?? null}, password_hash),
      person_id = case when ${personId === undefined} then person_id else ${personId ?? null} end
    where identity_id = ${identityId}`.execute(tx);
  if (enabled === false || passwordHash !== undefined)
    await sql`delete from tokens where identity_id = ${identityId} or impersonator_id = ${identityId}`.execute(tx);
};

/** It signs in nowhere with a password any more. */
export const dropPassword = async (tx: Sql, identityId: string): Promise<void> => {
  await sql`update identities set password_hash = null where identity_id = ${identityId}`.execute(tx);
  await sql`delete from tokens where identity_id = ${identityId} or impersonator_id = ${identityId}`.execute(tx);
};

/** What it has checked out now, in words; at most eleven. */
export const listCheckoutsOf = async (tx: Sql, identityId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select concat('its check-out of ', coalesce(c.account_name, e.account_name)) as name
    from checkouts o left join credentials c on c.credential_id = o.credential_id
      left join list_entries e on e.entry_id = o.entry_id
    where o.identity_id = ${identityId} and o.checked_in_at is null limit 11`.execute(tx);
  return rows.map(({ name }) => name);
};

export const deleteIdentity = async (tx: Sql, identityId: string): Promise<void> => {
  const { rows } = await sql<{ secretId: string | null }>`
    delete from identities where identity_id = ${identityId} returning totp_secret_id as "secretId"`.execute(tx);
  await deleteSecrets(
    tx,
    rows.flatMap(({ secretId }) => (secretId === null ? [] : [secretId])),
  );
};

/** Where the key of the codes of an identity belongs. */
export const placeOfIdentity = (identityId: string): string => `identity/${identityId}`;

/** The key of the codes of an identity, and the newest step of which one was used; held until the transaction ends. */
export const findSecondFactor = async (
  tx: Sql,
  identityId: string,
): Promise<{ readonly secretId: string; readonly usedStep: number } | null> => {
  const { rows } = await sql<{ secretId: string; usedStep: number }>`
    select totp_secret_id as "secretId", totp_step as "usedStep" from identities
    where identity_id = ${identityId} and totp_secret_id is not null for update`.execute(tx);
  return rows[0] ?? null;
};

export const useStep = async (tx: Sql, identityId: string, step: number): Promise<void> => {
  await sql`update identities set totp_step = ${step} where identity_id = ${identityId}`.execute(tx);
};

/** Gives an identity another key, or none. Its tokens end: they were had without it. */
export const setSecondFactor = async (tx: Sql, identityId: string, secretId: string | null): Promise<void> => {
  const before = await findSecondFactor(tx, identityId);
  await sql`update identities set totp_secret_id = ${secretId}, totp_step = 0 where identity_id = ${identityId}`.execute(
    tx,
  );
  await sql`delete from tokens where identity_id = ${identityId} or impersonator_id = ${identityId}`.execute(tx);
  if (before !== null) await deleteSecrets(tx, [before.secretId]);
};

/** Only for comparing: never sent anywhere. */
export const findPasswordHash = async (tx: Sql, identityId: string): Promise<string | null> => {
  const { rows } = await sql<{ hash: string | null }>`
    select password_hash as hash from identities where identity_id = ${identityId} and enabled`.execute(tx);
  return rows[0]?.hash ?? null;
};

/** By name. */
export const listRoleMembers = (tx: Sql, roleId: string, query: PageQuery): Promise<PageOf<Identity>> =>
  readPage<Identity>(
    tx,
    {
      ...{ columns, from: sql`identities`, order: [sql`lower(name)`], scope: `members ${roleId}` },
      where: sql`identity_id in (select member_id from role_members where role_id = ${roleId})`,
    },
    query,
  );

/** True where that changed something. */
export const setRoleMember = async (tx: Sql, roleId: string, memberId: string, isIn: boolean): Promise<boolean> => {
  const { rows } = isIn
    ? await sql`insert into role_members (role_id, member_id) values (${roleId}, ${memberId})
        on conflict do nothing returning role_id`.execute(tx)
    : await sql`delete from role_members where role_id = ${roleId} and member_id = ${memberId} returning role_id`.execute(
        tx,
      );
  return rows.length > 0;
};

/** For a `with recursive`: `held (id)`, what is given, and the roles of all of these, roles of roles included. */
export const heldBy = (given: RawBuilder<unknown>) => sql`
  held (id) as (${given} union select m.role_id from role_members m join held h on m.member_id = h.id)`;

/** Everything an identity holds rights by: itself, groups that it is in, and the roles of all of these. */
export const listHeld = async (tx: Sql, identityId: string, groups: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    with recursive ${heldBy(sql`select unnest(array[${identityId}::uuid] || ${[...groups]}::uuid[])`)}
    select h.id from held h join identities i on i.identity_id = h.id and i.enabled`.execute(tx);
  return rows.map(({ id }) => id);
};

/** The ids of those of these group names (`NS\Admins`) that are identities of the vault. */
export const findGroups = async (tx: Sql, names: readonly string[]): Promise<readonly string[]> => {
  const lower = names.map((name) => name.toLowerCase());
  const { rows } = await sql<{ id: string }>`
    select identity_id as id from identities where kind = 'domain_group' and enabled and lower(name) = any(${lower})`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
};
