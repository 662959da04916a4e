import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/**
 * `account_factors`: the second factor of every live account, by its own system: what the system itself says, else the best
 * active factor. `none` only when a finished full read of the factors, later than the account, showed none; everything
 * that is not known is `unknown`. Accounts that sign in only through another system have that system's state.
 */
export const rateSecondFactors = async (
  tx: Sql,
  { readable, providers }: { readonly readable: readonly FactorRead[]; readonly providers: readonly string[] },
): Promise<void> => {
  await sql`create temp table account_factors on commit drop as
    with best as (
      select connection_id, account_id,
        -- A factor of unknown strength may be stronger than a weak one beside it.
        case when bool_or(strength is null) and coalesce(max(array_position(array['weak', 'strong', 'phishing_resistant'], strength)), 0) < 2
          then null else max(array_position(array['weak', 'strong', 'phishing_resistant'], strength)) end as strength
      from factors where gone_at is null and status = 'active' group by connection_id, account_id
    ), read as (
      select * from unnest(
        ${readable.map((one) => one.connectionId)}::uuid[],
        ${readable.map((one) => one.fullReadAt)}::timestamptz[]) as read (connection_id, full_read_at)
    )
    select a.connection_id, a.stream, a.id, a.identity_id, a.sso_only, a.status, a.connection_id = any(${providers}::uuid[]) as provider,
      coalesce(
        a.mfa,
        (array['weak', 'strong', 'phishing_resistant'])[b.strength],
        case when b.account_id is null and a.first_seen_at <= r.full_read_at then 'none' end,
        'unknown') as state
    from accounts a
      left join best b on b.connection_id = a.connection_id and b.account_id = a.id
      left join read r on r.connection_id = a.connection_id
    where a.gone_at is null`.execute(tx);
  await sql`create index on account_factors (connection_id, stream, id)`.execute(tx);
  await sql`analyze account_factors`.execute(tx);
  // A person with two accounts at the provider is as safe as the weaker one.
  await sql`
    update account_factors a set state = coalesce(s.provided, case when a.state in ('none', 'unknown') then 'unknown' else a.state end)
    from (
      select s.connection_id, s.stream, s.id,
        case when bool_or(p.state = 'unknown') then 'unknown' else (array['none', 'weak', 'strong', 'phishing_resistant'])[
          min(array_position(array['none', 'weak', 'strong', 'phishing_resistant'], p.state))] end as provided
      from account_factors s
        left join account_factors p on p.identity_id = s.identity_id and p.provider and p.status = 'enabled'
          and p.connection_id <> s.connection_id
      where s.sso_only group by s.connection_id, s.stream, s.id
    ) s
    where s.connection_id = a.connection_id and s.stream = a.stream and s.id = a.id`.execute(tx);
};

export interface FactorRead {
  readonly connectionId: string;
  readonly fullReadAt: Date;
}
