import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

interface SummariseOptions {
  readonly tenantId: TenantId;
  readonly now: Date;
  /** Only these identities; left out: all. */
  readonly only?: readonly string[];
}

/**
 * Writes the rows of `identities` from their accounts, only where they changed: name, e-mail and department of the best account
 * (enabled, with an employee number, an e-mail address and a name, the oldest of those), the highest True Privilege,
 * the weakest second factor of its privileged accounts, the newest activity. An identity without accounts disappears;
 * its id stays with its gone accounts, and comes back with them.
 */
export const summarise = async (tx: Sql, { tenantId, now, only }: SummariseOptions): Promise<void> => {
  const scope = only ?? null;
  await sql`create temp table summaries on commit drop as
    with live as (
      select a.*, row_number() over (partition by a.identity_id order by a.status = 'enabled' desc nulls last,
        a.employee_id is not null desc, a.email is not null desc, a.display_name is not null desc,
        a.first_seen_at, a.connection_id, a.stream, a.id) as place
      from accounts a where a.gone_at is null and a.identity_id is not null
        and (${scope}::uuid[] is null or a.identity_id = any(${scope}::uuid[]))
    )
    select identity_id,
      case when bool_or(type in ('user', 'guest')) then 'human'
        when bool_or(type in ('service', 'bot', 'app')) then 'service' else 'unknown' end as kind,
      left(coalesce(max(display_name) filter (where place = 1), max(login) filter (where place = 1),
        max(id) filter (where place = 1)), 300) as name,
      (array_agg(email order by place) filter (where email is not null))[1] as email,
      (array_agg(department order by place) filter (where department is not null))[1] as department,
      -- Less than high is certain only when every account's is known.
      case when max(true_privilege) >= 3 or not bool_or(true_privilege is null) then max(true_privilege) end as privilege,
      coalesce((array['unknown', 'none', 'weak', 'strong', 'phishing_resistant'])[coalesce(
        min(array_position(array['unknown', 'none', 'weak', 'strong', 'phishing_resistant'], mfa_state))
          filter (where status = 'enabled' and true_privilege >= 3),
        min(array_position(array['unknown', 'none', 'weak', 'strong', 'phishing_resistant'], mfa_state))
          filter (where status = 'enabled'))], 'unknown') as mfa_state,
      max(last_active_at) as last_active_at, count(*)::int as accounts,
      (count(*) filter (where status = 'enabled'))::int as enabled_accounts,
      count(distinct connection_id)::int as connections, min(first_seen_at) as created_at
    from live group by identity_id`.execute(tx);
  await sql`create index on summaries (identity_id)`.execute(tx);
  await sql`analyze summaries`.execute(tx);
  await sql`delete from identities i where (${scope}::uuid[] is null or i.identity_id = any(${scope}::uuid[]))
    and not exists (select from summaries s where s.identity_id = i.identity_id)`.execute(tx);
  await sql`
    insert into identities as i (tenant_id, identity_id, kind, name, email, department, privilege, mfa_state, last_active_at,
      accounts, enabled_accounts, connections, created_at, changed_at)
    select ${tenantId}, identity_id, kind, name, email, department, privilege, mfa_state, last_active_at, accounts,
      enabled_accounts, connections, created_at, ${now} from summaries
    on conflict (tenant_id, identity_id) do update set
      kind = excluded.kind, name = excluded.name, email = excluded.email, department = excluded.department,
      privilege = excluded.privilege, mfa_state = excluded.mfa_state, last_active_at = excluded.last_active_at,
      accounts = excluded.accounts, enabled_accounts = excluded.enabled_accounts, connections = excluded.connections,
      created_at = excluded.created_at, changed_at = excluded.changed_at
    where (i.kind, i.name, i.email, i.department, i.privilege, i.mfa_state, i.last_active_at, i.accounts, i.enabled_accounts,
        i.connections, i.created_at)
      is distinct from (excluded.kind, excluded.name, excluded.email, excluded.department, excluded.privilege,
        excluded.mfa_state, excluded.last_active_at, excluded.accounts, excluded.enabled_accounts, excluded.connections,
        excluded.created_at)`.execute(tx);
  await sql`drop table summaries`.execute(tx);
};
