import { escapeHtml } from '@gatehouse/desk-kit';
import type { Act, ByProgram } from '@gatehouse/server';
import type { z } from 'zod';
import type { CaseStatus as StatusShape, CaseTable as TableShape } from '../api/cases.ts';

export type CaseTable = z.output<typeof TableShape>;
export type CaseStatus = z.output<typeof StatusShape>;

/** Who does something with a case: a person, the operator of this machine, or a program with an account. */
export type By = Act | ByProgram;

export interface Named {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
}

export interface CaseRow {
  readonly id: string;
  /** As people write it: `SC-1024`. */
  readonly number: string;
  readonly table: CaseTable;
  readonly subject: string;
  readonly status: CaseStatus;
  readonly requester: Named | null;
  readonly assignee: Named | null;
  readonly team: { readonly id: string; readonly name: string } | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** HTML that was made safe. */
  readonly description: string;
  readonly createdBy: string;
}

/** One text, or several where a field takes several; null and none are empty. */
export type FieldValue = string | readonly string[] | null;

/** Where a case goes from a status. What is closed stays so, unless a manager opens it again. */
export const nextStatuses = (from: CaseStatus, mayReopen: boolean): CaseStatus[] => {
  if (from === 'closed') return mayReopen ? ['open'] : [];
  const all: readonly CaseStatus[] = ['open', 'waiting', 'resolved', 'closed'];
  return all.filter((status) => status !== from);
};

/** As the history and the notes call somebody. */
export const authorOf = ({ principal }: By): string => (principal.kind === 'person' ? principal.email : principal.name);

/** Text as people enter it, with its lines. */
export const toHtml = (text: string): string =>
  text === '' ? '' : `<p>${escapeHtml(text).replaceAll(/\r?\n/g, '<br>')}</p>`;
