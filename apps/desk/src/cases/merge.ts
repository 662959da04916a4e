import type { Sql } from '@gatehouse/database';
import { problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { invalid } from '../problems.ts';
import { record } from './history.ts';
import type { By, CaseRow } from './model.ts';
import { findCase, lockCase } from './store.ts';

/**
 * Puts a case into another: its conversation and its session ids go there, and its number leads there from now on. What
 * was said of one session in both stands once, in its later revision. Returns the case that is left.
 */
export const mergeCases = async (tx: Sql, by: By, key: string, intoKey: string): Promise<CaseRow> => {
  const [from, into] = [await findCase(tx, key), await findCase(tx, intoKey)];
  if (from === null) throw problems.notFound();
  if (into === null) throw invalid('into', 'There is no case with this number.');
  if (from.id === into.id) throw invalid('into', 'This is the case itself.');
  // In the same order whoever merges, so that two who merge them into each other do not wait for one another.
  for (const id of [from.id, into.id].toSorted()) {
    const locked = await lockCase(tx, id);
    if (locked?.id !== id) throw problems.conflict('One of the cases was merged at the same moment. Look at it again.');
  }
  await moveNotes(tx, from.id, into.id);
  await moveLists(tx, from, into);
  await sql`update cases set merged_into = ${into.id} where case_id = ${from.id} or merged_into = ${from.id}`.execute(
    tx,
  );
  await record(tx, by, from, { action: 'merge', change: { into: into.number } });
  await record(tx, by, into, { action: 'merge-in', change: { from: from.number } });
  const left = await findCase(tx, into.id);
  if (left === null) throw problems.notFound();
  return left;
};

const moveNotes = async (tx: Sql, from: string, into: string): Promise<void> => {
  await sql`delete from case_notes n using case_notes o
    where n.session = o.session and n.part = o.part and (n.case_id, o.case_id) in
      ((${from}::uuid, ${into}::uuid), (${into}::uuid, ${from}::uuid))
      and (n.revision < o.revision or (n.revision = o.revision and n.case_id = ${from}::uuid))`.execute(tx);
  await sql`update case_notes set case_id = ${into} where case_id = ${from}`.execute(tx);
};

/** Fields that take several values, by their names: the two may be in different tables. */
const moveLists = async (tx: Sql, from: CaseRow, into: CaseRow): Promise<void> => {
  await sql`
    insert into case_values (case_id, field_id, place, value)
    select ${into.id}::uuid, g.field_id,
      coalesce((select max(w.place) from case_values w where w.case_id = ${into.id} and w.field_id = g.field_id), 0)
        + row_number() over (partition by g.field_id order by v.place), v.value
    from case_values v join case_fields f using (field_id)
      join case_fields g on g.name = f.name and g.case_table = ${into.table} and g.takes_many
    where v.case_id = ${from.id} and f.takes_many and not exists (
      select from case_values w where w.case_id = ${into.id} and w.field_id = g.field_id and w.value = v.value)`.execute(
    tx,
  );
};
