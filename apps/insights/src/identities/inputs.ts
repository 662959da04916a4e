import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/**
 * A digest of everything that correlation of a whole tenant reads: accounts and the identities they are in, connections,
 * settings, decisions, assignments that name provisioned accounts, and the code itself. Nothing of it depends on the time,
 * so where it is what it was after the last correlation, another one would write nothing.
 */
export const digestInputs = async (tx: Sql): Promise<string> => {
  const { rows } = await sql<{ read: string }>`
    select concat_ws(' ',
      (select ${digestOf(sql`a.connection_id, a.stream, a.id, a.first_seen_at, a.identity_id, a.type, a.login, a.display_name,
          a.email, a.emails, a.employee_id, a.external_ids`)} from accounts a where a.gone_at is null),
      (select ${digestOf(sql`g.connection_id, g.id, g.principal_id, g.raw->>'externalId'`)} from grants g
        where g.stream = 'app-assignments' and g.principal_kind = 'account' and g.gone_at is null
          and (select exists (select from accounts a cross join unnest(a.external_ids) one
            where a.gone_at is null and one like 'scim-id:%'))),
      (select ${digestOf(sql`c.connection_id, c.connector, c.deleted_at is null`)} from connections c),
      (select ${digestOf(sql`t.owned_domains, t.settings`)} from tenants t),
      (select ${digestOf(sql`d.*`)} from decisions d),
      (select ${digestOf(sql`o.*`)} from decision_accounts o),
      (select ${digestOf(sql`s.suggestion_id, s.state`)} from suggestions s),
      (select count(*) from identity_links),
      (select count(*) from identity_conflicts)) as read`.execute(tx);
  return createHash('sha256')
    .update(`${code()} ${rows[0]?.read ?? ''}`)
    .digest('hex');
};

/** Rows in any order. They are all different, so that none takes another one out. */
const digestOf = (columns: ReturnType<typeof sql>) => sql`concat_ws(' ', count(*),
  bit_xor(hashtextextended(row(${columns})::text, 0)), bit_xor(hashtextextended(row(${columns})::text, 1)))`;

/** Whether nothing that correlation reads has changed since it last ran. */
export const isCorrelated = async (tx: Sql): Promise<boolean> => {
  const { rows } = await sql<{ inputs: string }>`select inputs from correlated_inputs`.execute(tx);
  return rows[0] !== undefined && rows[0].inputs === (await digestInputs(tx));
};

/** Right after a correlation of the whole tenant, in its transaction. */
export const rememberInputs = async (tx: Sql, tenantId: TenantId): Promise<void> => {
  await sql`insert into correlated_inputs (tenant_id, inputs) values (${tenantId}, ${await digestInputs(tx)})
    on conflict (tenant_id) do update set inputs = excluded.inputs`.execute(tx);
};

/** Another build may find other links in the same records. */
const code = (): string => {
  known ??= createHash('sha256').update(sources().join('\n')).digest('hex');
  return known;
};
let known: string | undefined;

const sources = (): readonly string[] =>
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .toSorted()
    .map((name) => `${name}\n${readFileSync(join(import.meta.dirname, name), 'utf8')}`);
