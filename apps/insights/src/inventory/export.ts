import type { Database } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { invalid } from '../problems.ts';
import { csvLine } from './csv.ts';
import type { ListColumn, Listing } from './kinds.ts';
import { type After, readRows } from './list-rows.ts';
import { readSurroundings, type Surroundings, toInventoryRecord } from './present.ts';
import type { Query } from './query.ts';

const batch = 1_000;

/**
 * Every row of a query as CSV, in its order. Read in batches, each in a transaction of its own: memory stays flat, and
 * a reader that is slow holds nothing open. What changes meanwhile appears once or not at all, never twice.
 */
export async function* exportRows(
  database: Database,
  tenantId: TenantId,
  query: Query,
  columns: readonly ListColumn[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield csvLine(columns.map(({ title }) => title));
  for (let after: After | null = null; !signal.aborted; ) {
    const last: After | null = after;
    const { rows, total, around } = await database.tenant(tenantId, async (tx) => {
      const found = await readRows(tx, tenantId, query, last, batch);
      return { ...found, around: await readSurroundings(tx, tenantId, query.listing, found.rows) };
    });
    const lines = rows.map((row) => {
      const record = toInventoryRecord(query.listing, row, around);
      return csvLine(columns.map((column) => cellOf(column, record, around)));
    });
    if (lines.length > 0) yield lines.join('');
    if (rows.length < batch) return;
    const place = rows.at(-1)?.place;
    after = place ? { place, total } : null;
  }
}

/** Names where the table has ids. */
const cellOf = ({ name }: ListColumn, record: Readonly<Record<string, unknown>>, around: Surroundings): unknown => {
  if (name === '_connection') return record._connectionName;
  if (name === 'identity') return around.identities.get(String(record.identity)) ?? '';
  return record[name];
};

/** The columns asked for, in that order; those shown by default where none is named. */
export const parseColumns = (listing: Listing, asked: string | undefined): readonly ListColumn[] => {
  if (asked === undefined || asked.trim() === '') return listing.columns.filter(({ shown }) => shown);
  const names = asked.split(',').map((name) => name.trim());
  return names.map((name) => {
    const column = listing.columns.find((one) => one.name === name);
    if (!column) throw invalid('columns', `"${name}" is not a column of ${listing.title.toLowerCase()}.`);
    return column;
  });
};
