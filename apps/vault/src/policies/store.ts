import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import { defaultPolicy, type NamedPolicy, type PasswordPolicy, parseRules } from './model.ts';

export interface ListedPolicy extends NamedPolicy {
  /** How many credentials have it. */
  readonly credentials: number;
}

const columns = sql`p.policy_id as "policyId", p.name, p.rules, p.created_at as "createdAt",
  (select count(*)::int from credentials c where c.policy_id = p.policy_id) as credentials`;
const parse = <Row extends { readonly rules: unknown }>(row: Row) => ({ ...row, rules: parseRules(row.rules) });

export const listPolicies = async (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<ListedPolicy>> => {
  const page = await readPage<ListedPolicy>(
    tx,
    {
      ...{ columns, from: sql`password_policies p`, where: found(query.search, sql`p.name`) },
      ...{ order: [sql`lower(p.name)`], scope: `policies ${query.search ?? ''}` },
    },
    query,
  );
  return { ...page, items: page.items.map(parse) };
};

export const findPolicy = async (tx: Sql, policyId: string): Promise<ListedPolicy | null> => {
  const { rows } = await sql<ListedPolicy>`
    select ${columns} from password_policies p where p.policy_id = ${policyId}`.execute(tx);
  return rows[0] ? parse(rows[0]) : null;
};

/** The rules of a policy; the vault's own where there is none. */
export const rulesOf = async (tx: Sql, policyId: string | null): Promise<PasswordPolicy> =>
  (policyId === null ? null : await findPolicy(tx, policyId))?.rules ?? defaultPolicy;

/** Keeps a policy under its id: a new one, or in place of what it was. */
export const putPolicy = async (tx: Sql, { policyId, name, rules, createdAt }: NamedPolicy): Promise<void> => {
  await sql`insert into password_policies (policy_id, name, rules, created_at)
    values (${policyId}, ${name}, ${JSON.stringify(rules)}::jsonb, ${createdAt})
    on conflict (policy_id) do update set name = excluded.name, rules = excluded.rules`.execute(tx);
};

export const deletePolicy = async (tx: Sql, policyId: string): Promise<void> => {
  await sql`delete from password_policies where policy_id = ${policyId}`.execute(tx);
};

/** Credentials that have it, as people name them: at most ten. */
export const listUsesOfPolicy = async (tx: Sql, policyId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select concat('(', s.name, ')''', c.namespace, '\\', c.account_name, '''') as name
    from credentials c join systems s using (system_id)
    where c.policy_id = ${policyId} order by lower(s.name), c.credential_id limit 10`.execute(tx);
  return rows.map(({ name }) => name);
};
