import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import { type CustomPlatform, parseRules } from './model.ts';

export interface ListedPlatform extends CustomPlatform {
  /** How many have it. */
  readonly systems: number;
}

const columns = sql`p.platform_id as "platformId", p.name, p.comment, p.rules, p.created_at as "createdAt",
  (select count(*)::int from systems s where s.platform_id = p.platform_id) as systems`;
const parse = (row: ListedPlatform): ListedPlatform => ({ ...row, rules: parseRules(row.rules) });

export const listCustomPlatforms = async (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<ListedPlatform>> => {
  const page = await readPage<ListedPlatform>(
    tx,
    {
      ...{ columns, from: sql`custom_platforms p`, where: found(query.search, sql`p.name`, sql`p.comment`) },
      ...{ order: [sql`lower(p.name)`], scope: `platforms ${query.search ?? ''}` },
    },
    query,
  );
  return { ...page, items: page.items.map(parse) };
};

export const findCustomPlatform = async (tx: Sql, platformId: string): Promise<ListedPlatform | null> => {
  const { rows } = await sql<ListedPlatform>`
    select ${columns} from custom_platforms p where p.platform_id = ${platformId}`.execute(tx);
  return rows[0] ? parse(rows[0]) : null;
};

/** Keeps a platform under its id: a new one, or in place of what it was. */
export const putCustomPlatform = async (tx: Sql, of: CustomPlatform): Promise<void> => {
  await sql`insert into custom_platforms (platform_id, name, comment, rules, created_at)
    values (${of.platformId}, ${of.name}, ${of.comment}, ${JSON.stringify(of.rules)}::jsonb, ${of.createdAt})
    on conflict (platform_id) do update set name = excluded.name, comment = excluded.comment, rules = excluded.rules`.execute(
    tx,
  );
};

export const deleteCustomPlatform = async (tx: Sql, platformId: string): Promise<void> => {
  await sql`delete from custom_platforms where platform_id = ${platformId}`.execute(tx);
};

/** Systems that have it, at most ten. */
export const listUsesOfPlatform = async (tx: Sql, platformId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select name from systems where platform_id = ${platformId} order by lower(name) limit 10`.execute(tx);
  return rows.map(({ name }) => name);
};
