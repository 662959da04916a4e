import type { Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import { audit } from '@gatehouse/server';
import { sql } from 'kysely';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';
import { authorOf, type By } from './model.ts';

export type Change = { readonly [name: string]: Json };

/** Any number that nothing else uses as an advisory lock: "desk" in ASCII. */
const lock = 0x6465736b;

/**
 * Says what was done to a case, which gives it its next version. Entries get their numbers in the order in which their
 * transactions end, because the lock is kept until then: whoever asks for what came after an entry misses none. So it is
 * the last thing that a transaction does.
 */
export const record = async (
  tx: Sql,
  by: By,
  one: { readonly id: string; readonly number: string },
  { action, change, isNew }: { readonly action: string; readonly change: Change; readonly isNew?: true },
): Promise<void> => {
  if (!isNew)
    await sql`update cases set version = version + 1, changed_at = clock_timestamp() where case_id = ${one.id}`.execute(
      tx,
    );
  await audit(tx, by, { action: `case.${action}`, target: one.number, change });
  await sql`select pg_advisory_xact_lock(${lock})`.execute(tx);
  await sql`insert into case_history (case_id, actor, action, change)
    values (${one.id}, ${authorOf(by)}, ${action}, ${JSON.stringify(change)}::jsonb)`.execute(tx);
};

export interface HistoryEntry {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly change: Record<string, Json>;
}

/** Newest first. */
export const listHistory = (tx: Sql, caseId: string, query: PageQuery): Promise<PageOf<HistoryEntry>> =>
  readPage<HistoryEntry>(
    tx,
    {
      columns: sql`h.entry_id as id, h.at, h.actor, h.action, h.change`,
      ...{ from: sql`case_history h`, where: sql`h.case_id = ${caseId}`, scope: ['history', caseId] },
      ...{ order: [{ column: sql`h.entry_id`, type: 'bigint' }], newestFirst: true },
    },
    query,
  );

/** At most so many entries are looked at in one go. */
const atOnce = 1_000;

/** Cases that changed after an entry, each once, and the entry to go on from. Null: none, and the last entry there is. */
export const changesAfter = async (
  tx: Sql,
  after: number | null,
): Promise<{ readonly cases: string[]; readonly cursor: number }> => {
  if (after === null) {
    const { rows } = await sql<{ last: number }>`select coalesce(max(entry_id), 0) as last from case_history`.execute(
      tx,
    );
    return { cases: [], cursor: Number(rows[0]?.last ?? 0) };
  }
  const { rows } = await sql<{ id: string; entry: number }>`
    select coalesce(c.merged_into, c.case_id) as id, h.entry_id as entry from case_history h join cases c using (case_id)
    where h.entry_id > ${after} order by h.entry_id limit ${atOnce}`.execute(tx);
  return { cases: [...new Set(rows.map(({ id }) => id))], cursor: Number(rows.at(-1)?.entry ?? after) };
};
