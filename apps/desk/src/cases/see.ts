import type { Sql } from '@gatehouse/database';
import { problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { CaseNote as NoteShape, CaseRow as RowShape, WholeCase } from '../api/cases.ts';
import type { Caller } from '../people/index.ts';
import { fieldsOf } from './fields.ts';
import { type CaseRow, nextStatuses } from './model.ts';
import type { CaseNote } from './notes.ts';
import { findCase, mergedNumbers } from './store.ts';

export const isCustomer = ({ role }: Caller): boolean => role === 'customer';

/** A case of somebody else is none for a customer. @throws Problem 404 */
export const seeCase = async (tx: Sql, caller: Caller, key: string): Promise<CaseRow> => {
  const one = await findCase(tx, key);
  if (one === null || (isCustomer(caller) && one.requester?.id !== caller.person?.id)) throw problems.notFound();
  return one;
};

export const rowToJson = (one: CaseRow): z.output<typeof RowShape> => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
  changedAt: one.changedAt.toISOString(),
});

/** What of a case whoever asks may see: to customers, fields and what it was made of are the desk's own. */
export const wholeToJson = async (tx: Sql, caller: Caller, one: CaseRow): Promise<z.output<typeof WholeCase>> => {
  const base = { ...rowToJson(one), description: one.description, createdBy: one.createdBy };
  if (isCustomer(caller)) return { ...base, fields: [], merged: [], nextStatuses: [] };
  const fields = (await fieldsOf(tx, [one])).get(one.id) ?? [];
  return {
    ...base,
    fields: [...fields],
    merged: await mergedNumbers(tx, one.id),
    nextStatuses: nextStatuses(one.status, caller.role === 'manager'),
  };
};

/** Customers are not told what their own mail server says. */
export const noteToJson = (note: CaseNote, caller: Caller): z.output<typeof NoteShape> => ({
  ...note,
  mail: isCustomer(caller) ? null : note.mail,
  writtenAt: note.writtenAt.toISOString(),
});
