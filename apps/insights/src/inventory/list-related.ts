import { type RecordKind, recordKinds } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { RelatedItem } from '../api/inventory.ts';
import { invalid } from '../problems.ts';
import type { Total } from './cursor.ts';
import { toPattern } from './filter.ts';
import { findLinks, labelOf, linkOr, type Reference, type Scope } from './links.ts';
import { neighboursOf, toKind, wordsOfKind } from './neighbours.ts';
import type { Part } from './position.ts';

export interface Excerpt extends Part {
  /** Words that must all be in the name, the id or the remark. */
  readonly words: readonly string[];
}

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly note: string | null;
  readonly total: number;
}

/** One of the lists beside a record, whole: a part of it, found by words, and how many there are. */
export const listRelated = async (
  tx: Sql,
  scope: Scope,
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
  name: string,
  { words, offset, limit }: Excerpt,
): Promise<{ items: readonly z.input<typeof RelatedItem>[]; total: Total }> => {
  const lists = neighboursOf(scope, kind, record);
  const list = lists.find((one) => one.name === name);
  if (!list) {
    const known = lists.map((one) => one.name).join(', ');
    throw invalid('list', `"${name}" is not a list beside this record. These are: ${known || 'none'}.`);
  }
  const { rows } = await sql<Row>`
    select kind, id, note, (count(*) over ())::int as total from (${list.rows}) n
    where ${sql.join([sql`id is not null`, ...words.map((word) => hasWord(scope, word))], sql` and `)}
    order by rank desc nulls last, id, kind, note offset ${offset} limit ${limit}`.execute(tx);
  const references = rows.map((row): Reference => ({ kind: toKind(row.kind), id: row.id }));
  const links = await findLinks(tx, scope, references);
  return {
    items: rows.map(({ kind: of, id, note }) => ({
      ...linkOr(links, { kind: toKind(of), id }, scope),
      note: note === '' ? null : note,
    })),
    total: { value: rows[0]?.total ?? 0, exact: true },
  };
};

/** Names stand in the tables of the kinds; those of a kind are looked for only where the list has one of that kind. */
const hasWord = (scope: Scope, word: string): RawBuilder<boolean> => {
  const pattern = toPattern(word);
  const named = recordKinds.map(
    (kind) => sql<boolean>`(n.kind = any(${wordsOfKind(kind)}::text[]) and n.id in (
      select r.id from ${sql.table(`listed_${kind}`)} r
      where r.tenant_id = ${scope.tenantId} and r.connection_id = ${scope.connectionId} and ${labelOf(kind)} ilike ${pattern}))`,
  );
  return sql<boolean>`(n.id ilike ${pattern} or n.note ilike ${pattern} or ${sql.join(named, sql` or `)})`;
};
