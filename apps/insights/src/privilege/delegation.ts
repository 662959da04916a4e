import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Members of a list among an account’s words, as rows of one text, in SQL. */
export const listIn = (account: string, word: string): string =>
  `jsonb_array_elements_text(case when jsonb_typeof(${account}.raw->'${word}') = 'array' then ${account}.raw->'${word}' else '[]' end)`;

/**
 * Adds to `directory_grants` what accounts may without an access entry that says so, with themselves as where it stands:
 * `delegation:to` a machine whose service they may hand on tickets to; `delegation:unconstrained`, on the domain: they
 * keep the tickets of who visits them, and controllers can be made to; `sid-history`, on whose SID they carry.
 */
export const copyDelegation = async (tx: Sql): Promise<void> => {
  await sql`
    insert into directory_grants (connection_id, stream, id, kind, principal_id, role_id, resource_id)
    with host as (
      select connection_id, id, lower(raw->>'dNSHostName') as name from accounts where type = 'computer' and gone_at is null
      union
      select connection_id, id, lower(raw->>'cn') from accounts where type = 'computer' and gone_at is null
    )
    select distinct a.connection_id, a.stream, a.id, 'accounts', a.id, 'delegation:to', h.id
    from accounts a cross join lateral ${sql.raw(listIn('a', 'msDS-AllowedToDelegateTo'))} target
      join host h on h.connection_id = a.connection_id and h.id <> a.id
        and h.name = lower(split_part(split_part(target, '/', 2), ':', 1))
    where a.gone_at is null and a.raw ? 'msDS-AllowedToDelegateTo'
    union all
    select distinct a.connection_id, a.stream, a.id, 'accounts', a.id, 'sid-history', former
    from accounts a cross join lateral ${sql.raw(listIn('a', 'sIDHistory'))} former
    where a.gone_at is null and a.raw ? 'sIDHistory' and former <> a.id
    union all
    select a.connection_id, a.stream, a.id, 'accounts', a.id, 'delegation:unconstrained', d.id
    from accounts a join resources d on d.connection_id = a.connection_id and d.type = 'domain' and d.gone_at is null
    where a.gone_at is null and a.raw->'decoded'->'userAccountControl' ? 'TRUSTED_FOR_DELEGATION'
      and not a.raw->'decoded'->'userAccountControl' ?| array['SERVER_TRUST_ACCOUNT', 'PARTIAL_SECRETS_ACCOUNT']`.execute(
    tx,
  );
};
