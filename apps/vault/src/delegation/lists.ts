import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { equals, found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import {
  type ApiRegistration,
  type Delegation,
  type GlobalPermission,
  type ImpersonationMapping,
  registration,
} from './store.ts';

/** By the name of the identity. */
export const listGlobalPermissions = (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<GlobalPermission>> =>
  readPage<GlobalPermission>(
    tx,
    {
      columns: sql`p.identity_id as "identityId", i.name, p.log_in as "logIn", p.all_access as "allAccess",
        p.ignore_password_checkout as "ignorePasswordCheckout", p.global_approver as "globalApprover"`,
      ...{ from: sql`global_permissions p join identities i using (identity_id)`, order: [sql`lower(i.name)`] },
      ...{ where: found(query.search, sql`i.name`), scope: `permissions ${query.search ?? ''}` },
    },
    query,
  );

/** A delegation with the names of what it is about. */
export interface NamedDelegation extends Delegation {
  /** `(web1)'[Linux]\root'`, or the name of the set. */
  readonly scope: string;
}

export interface DelegationQuery extends PageQuery {
  readonly identityId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly setId?: string | undefined;
}

const columns = sql`d.delegation_id as "delegationId", d.identity_id as "identityId", i.name as identity,
  d.credential_id as "credentialId", d.set_id as "setId", d.view_accounts as "viewAccounts",
  d.view_passwords as "viewPasswords", d.request_passwords as "requestPasswords", d.grant_requests as "grantRequests",
  d.remote_sessions as "remoteSessions", d.spin,
  coalesce(m.name, concat('(', s.name, ')''', c.namespace, '\\', c.account_name, '''')) as scope`;
const from = sql`delegations d join identities i using (identity_id) left join management_sets m on m.set_id = d.set_id
  left join credentials c on c.credential_id = d.credential_id left join systems s on s.system_id = c.system_id`;

/** Those of an identity, a credential or a set; by the name of the identity. */
export const listDelegations = (tx: Sql, query: DelegationQuery): Promise<PageOf<NamedDelegation>> => {
  const { identityId, credentialId, setId } = query;
  const of = [equals(sql`d.identity_id`, identityId), equals(sql`d.credential_id`, credentialId)];
  return readPage<NamedDelegation>(
    tx,
    {
      ...{ columns, from, where: sql.join([...of, equals(sql`d.set_id`, setId)], sql` and `) },
      ...{ order: [sql`lower(i.name)`, sql`d.delegation_id`] },
      scope: JSON.stringify(['delegations', identityId, credentialId, setId]),
    },
    query,
  );
};

export const findDelegation = async (tx: Sql, delegationId: string): Promise<NamedDelegation | null> => {
  const { rows } = await sql<NamedDelegation>`
    select ${columns} from ${from} where d.delegation_id = ${delegationId}`.execute(tx);
  return rows[0] ?? null;
};

/** By the names of who acts and as whom. */
export const listImpersonationMappings = (
  tx: Sql,
  query: PageQuery & { readonly identityId?: string | undefined },
): Promise<PageOf<ImpersonationMapping>> =>
  readPage<ImpersonationMapping>(
    tx,
    {
      columns: sql`m.identity_id as "identityId", i.name as identity, m.target_id as "targetId", t.name as target`,
      from: sql`impersonation_mappings m join identities i on i.identity_id = m.identity_id
        join identities t on t.identity_id = m.target_id`,
      ...{ where: equals(sql`m.identity_id`, query.identityId), order: [sql`lower(i.name)`, sql`lower(t.name)`] },
      scope: `impersonations ${query.identityId ?? ''}`,
    },
    query,
  );

/** By name. */
export const listRegistrations = (tx: Sql, query: PageQuery): Promise<PageOf<ApiRegistration>> =>
  readPage<ApiRegistration>(
    tx,
    {
      ...{ columns: registration, from: sql`api_registrations`, where: sql`true`, order: [sql`lower(name)`] },
      scope: 'registrations',
    },
    query,
  );

/** What an identity has that goes with it, in words; at most eleven. */
export const listRightsOf = async (tx: Sql, identityId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    (select 'its global permissions' as name from global_permissions where identity_id = ${identityId})
    union all (select concat('its delegation on ', coalesce(m.name, concat(c.account_name, ' (', s.name, ')')))
      from delegations d left join management_sets m on m.set_id = d.set_id
        left join credentials c on c.credential_id = d.credential_id left join systems s on s.system_id = c.system_id
      where d.identity_id = ${identityId} limit 11)
    union all (select concat('its delegation on the list ', l.name) from list_delegations d join shared_lists l using (list_id)
      where d.identity_id = ${identityId} limit 11)
    union all (select concat('the impersonation of ', t.name, ' by ', i.name) from impersonation_mappings m
        join identities i on i.identity_id = m.identity_id join identities t on t.identity_id = m.target_id
      where ${identityId} in (m.identity_id, m.target_id) limit 11)
    union all (select concat('the role ', i.name) from role_members m join identities i on i.identity_id = m.role_id
      where m.member_id = ${identityId} limit 11)
    union all (select concat('the membership of ', i.name) from role_members m join identities i on i.identity_id = m.member_id
      where m.role_id = ${identityId} limit 11)
    limit 11`.execute(tx);
  return rows.map(({ name }) => name);
};
