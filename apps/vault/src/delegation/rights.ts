import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../identities/index.ts';
import type { GlobalRights, Right, Rights } from './model.ts';

/** What everything that the actor holds gives it everywhere. */
export const globalRightsOf = async (tx: Sql, { holds }: Pick<Actor, 'holds'>): Promise<GlobalRights> => {
  const { rows } = await sql<GlobalRights>`
    select coalesce(bool_or(log_in), false) as "logIn", coalesce(bool_or(all_access), false) as "allAccess",
      coalesce(bool_or(ignore_password_checkout), false) as "ignorePasswordCheckout",
      coalesce(bool_or(global_approver), false) as "globalApprover"
    from global_permissions where identity_id = any(${[...holds]}::uuid[])`.execute(tx);
  return rows[0] ?? { logIn: false, allAccess: false, ignorePasswordCheckout: false, globalApprover: false };
};

/** Whether the actor has All Access, for a question that does not wait until that was answered by itself. */
export const hasAllAccess = ({ holds }: Pick<Actor, 'holds'>): RawBuilder<boolean> =>
  sql`exists (select from global_permissions where all_access and identity_id = any(${[...holds]}::uuid[]))`;

/**
 * Rows `(credential_id, view_accounts, …)` of every credential on which the actor has a right, for a `join`. With All
 * Access every credential is among them, with all rights but `spin`.
 */
export const rightsOn = (
  { holds }: Pick<Actor, 'holds'>,
  { allAccess }: { readonly allAccess: boolean | RawBuilder<boolean> },
) => {
  const mine = sql`d.identity_id = any(${[...holds]}::uuid[])`;
  const given = sql`
    select d.credential_id, d.view_accounts, d.view_passwords, d.request_passwords, d.grant_requests, d.remote_sessions, d.spin
    from delegations d where ${mine} and d.credential_id is not null
    union all
    select c.credential_id, d.view_accounts, d.view_passwords, d.request_passwords, d.grant_requests, d.remote_sessions, d.spin
    from delegations d join set_systems s on s.set_id = d.set_id join credentials c on c.system_id = s.system_id
    where ${mine} and d.set_id is not null`;
  const all = sql`union all select credential_id, true, true, true, true, true, false from credentials where ${allAccess}`;
  return sql`(
    select credential_id, bool_or(view_accounts or view_passwords or request_passwords or remote_sessions or spin) as view_accounts,
      bool_or(view_passwords) as view_passwords, bool_or(request_passwords) as request_passwords,
      bool_or(grant_requests) as grant_requests, bool_or(remote_sessions) as remote_sessions, bool_or(spin) as spin
    from (${given} ${allAccess === false ? sql`` : all}) g group by credential_id)`;
};

/** What the actor may do with one credential: nothing with one that is not there. */
export const rightsOnCredential = async (
  tx: Sql,
  actor: Pick<Actor, 'holds'>,
  credentialId: string,
): Promise<Rights> => {
  const { rows } = await sql<Record<Right, boolean>>`
    select view_accounts as "viewAccounts", view_passwords as "viewPasswords", request_passwords as "requestPasswords",
      grant_requests as "grantRequests", remote_sessions as "remoteSessions", spin
    from ${rightsOn(actor, { allAccess: hasAllAccess(actor) })} r where r.credential_id = ${credentialId}`.execute(tx);
  return rows[0] ?? noRights;
};

export const noRights: Rights = {
  ...{ viewAccounts: false, viewPasswords: false, requestPasswords: false },
  ...{ grantRequests: false, remoteSessions: false, spin: false },
};

/** Lists that the actor may use; with All Access all of them. */
export const listsOf = ({ holds }: Pick<Actor, 'holds'>, { allAccess }: Pick<GlobalRights, 'allAccess'>) =>
  allAccess
    ? sql`(select list_id, true as may_edit from shared_lists)`
    : sql`(select list_id, bool_or(may_edit) as may_edit from list_delegations
        where identity_id = any(${[...holds]}::uuid[]) group by list_id)`;
