import type { Sql } from '@gatehouse/database';
import { oneLine, safeHtml } from '@gatehouse/desk-kit';
import type { Json } from '@gatehouse/kernel';
import { problems } from '@gatehouse/server';
import { type FieldOutcome, setValues } from './fields.ts';
import { record } from './history.ts';
import { authorOf, type By, type CaseRow, type FieldValue } from './model.ts';
import { type NewNote, putNote } from './notes.ts';
import { type CaseChanges, findCase, insertCase, lockCase, type NewCase, updateCase } from './store.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** @throws Problem 404 */
export const getCase = async (tx: Sql, key: string): Promise<CaseRow> => {
  const one = await findCase(tx, key);
  if (one === null) throw problems.notFound();
  return one;
};

/** Nobody else changes it until the transaction ends. @throws Problem 404 */
export const holdCase = async (tx: Sql, key: string): Promise<CaseRow> => {
  const one = await lockCase(tx, key);
  if (one === null) throw problems.notFound();
  return one;
};

/** A case, and what became of its fields. */
export const createCase = async (
  tx: Sql,
  by: By,
  of: Omit<NewCase, 'createdBy'>,
  values: Values,
): Promise<{ readonly made: CaseRow; readonly outcomes: readonly FieldOutcome[] }> => {
  const id = await insertCase(tx, { ...of, description: safeHtml(of.description), createdBy: authorOf(by) });
  const made = await getCase(tx, id);
  const outcomes = await setValues(tx, made, values);
  const { subject, table, requester, assignee, team } = made;
  const change = {
    ...{ subject, table, requester: requester?.login ?? null },
    ...{ assignee: assignee?.login ?? null, team: team?.name ?? null },
  };
  await record(tx, by, made, { action: 'create', change, isNew: true });
  return { made, outcomes };
};

/** What is changed and what of it is a change; nothing is said of what is as it was. The case must be held. */
export const changeCase = async (
  tx: Sql,
  by: By,
  before: CaseRow,
  { values = {}, ...given }: CaseChanges & { readonly values?: Values | undefined },
): Promise<{ readonly after: CaseRow; readonly outcomes: readonly FieldOutcome[] }> => {
  const changes = { ...given, ...(given.description !== undefined && { description: safeHtml(given.description) }) };
  await updateCase(tx, before.id, changes);
  const outcomes = await setValues(tx, before, values);
  const after = await getCase(tx, before.id);
  const fields = outcomes.filter(({ isChange }) => isChange).map(({ name }) => name);
  const change = { ...differences(before, after), ...(fields.length > 0 && { fields }) };
  if (Object.keys(change).length === 0) return { after, outcomes };
  await record(tx, by, before, { action: 'change', change });
  return { after: await getCase(tx, before.id), outcomes };
};

const differences = (before: CaseRow, after: CaseRow): Record<string, Json> => {
  const told = ({ subject, status, requester, assignee, team }: CaseRow): Record<string, string | null> => ({
    ...{ subject, status, requester: requester?.login ?? null },
    ...{ assignee: assignee?.login ?? null, team: team?.name ?? null },
  });
  const [was, is] = [told(before), told(after)];
  const changed = Object.keys(is).filter((name) => was[name] !== is[name]);
  return {
    ...Object.fromEntries(changed.map((name) => [name, { from: was[name] ?? null, to: is[name] ?? null }])),
    ...(before.description !== after.description && { description: 'changed' }),
  };
};

/** Kept safe, with what it says on the case's history; null: it stands there already. The case must be held. */
export const writeNote = async (tx: Sql, by: By, one: CaseRow, note: NewNote) => {
  const kept = await putNote(tx, one.id, { ...note, title: oneLine(note.title), html: safeHtml(note.html) });
  if (kept === null) return null;
  const { visibility, title, session } = kept;
  const change = { visibility, title, ...(session !== null && { session: session.session, part: session.part }) };
  await record(tx, by, one, { action: 'note', change });
  return kept;
};
