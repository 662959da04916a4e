import type { Sql } from '@gatehouse/database';
import type { Case, KeptNote } from '@gatehouse/desks/builtin/api';
import type { z } from 'zod';
import { type CaseNote, type CaseRow, fieldsOf } from '../cases/index.ts';

/** Cases as programs are told of them; `baseUrl` is where people see them. */
export const toCases = async (
  tx: Sql,
  baseUrl: string,
  cases: readonly CaseRow[],
): Promise<z.output<typeof Case>[]> => {
  const fields = await fieldsOf(tx, cases);
  return cases.map(({ id, number, table, subject, status, version, requester, assignee, team }) => ({
    ...{ id, number, table, subject, status, version, requester, assignee },
    team: team?.name ?? null,
    url: `${baseUrl}/cases/${number}`,
    fields: Object.fromEntries((fields.get(id) ?? []).map(({ name, value }) => [name, value])),
  }));
};

export const toNote = ({ session, writtenAt, minutes: _, ...note }: CaseNote): z.output<typeof KeptNote> => ({
  ...note,
  marker: session,
  writtenAt: writtenAt.toISOString(),
});
