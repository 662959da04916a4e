import { at } from '@gatehouse/ui';
import type { z } from 'zod';
import type * as accounts from '../../../src/api/accounts.ts';
import type * as audit from '../../../src/api/audit.ts';
import type * as cases from '../../../src/api/cases.ts';
import type * as downloads from '../../../src/api/downloads.ts';
import type * as people from '../../../src/api/people.ts';
import type * as teams from '../../../src/api/teams.ts';

export type CaseRow = z.output<typeof cases.CaseRow>;
export type WholeCase = z.output<typeof cases.WholeCase>;
export type CaseStatus = z.output<typeof cases.CaseStatus>;
export type CaseTable = z.output<typeof cases.CaseTable>;
export type CaseNote = z.output<typeof cases.CaseNote>;
export type FieldOfCase = z.output<typeof cases.FieldOfCase>;
export type HistoryEntry = z.output<typeof cases.HistoryEntry>;
export type CaseField = z.output<typeof cases.CaseField>;
export type Person = z.output<typeof people.DeskPerson>;
export type Role = z.output<typeof people.Role>;
export type AddedPerson = z.output<typeof people.AddedPerson>;
export type Team = z.output<typeof teams.Team>;
export type TeamMember = z.output<typeof teams.TeamMember>;
export type Account = z.output<typeof accounts.Account>;
export type AuditEntry = z.output<typeof audit.AuditEntry>;
export type NewToken = z.output<typeof accounts.NewToken>;

export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}
export type Query = Readonly<Record<string, string>>;

/** The query of an address; what is empty was not asked for. */
const asked = (query: Query): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return search.size === 0 ? '' : `?${search}`;
};
const part = encodeURIComponent;

/** Every address that the pages ask, with what it answers. */
export const paths = {
  me: at<z.output<typeof people.DeskMe>>('/api/desk/me'),
  cases: (query: Query) => at<List<CaseRow>>(`/api/cases${asked(query)}`),
  case: (key: string) => at<WholeCase>(`/api/cases/${part(key)}`),
  notes: (key: string, query: Query = {}) => at<List<CaseNote>>(`/api/cases/${part(key)}/notes${asked(query)}`),
  history: (key: string, query: Query = {}) => at<List<HistoryEntry>>(`/api/cases/${part(key)}/history${asked(query)}`),
  transcripts: (key: string) => at<z.output<typeof downloads.TranscriptList>>(`/api/cases/${part(key)}/transcripts`),
  transcript: (key: string, lsid: string, form: string) =>
    `/api/cases/${part(key)}/transcripts/${part(lsid)}?form=${form}`,
  caseFields: (query: Query) => at<List<CaseField>>(`/api/case-fields${asked(query)}`),
  people: (query: Query) => at<List<Person>>(`/api/desk/people${asked(query)}`),
  person: (id: string) => at<Person>(`/api/desk/people/${part(id)}`),
  teams: (query: Query) => at<List<Team>>(`/api/teams${asked(query)}`),
  team: (id: string) => at<Team>(`/api/teams/${part(id)}`),
  members: (id: string, query: Query) => at<List<TeamMember>>(`/api/teams/${part(id)}/members${asked(query)}`),
  audit: (query: Query) => at<List<AuditEntry>>(`/api/audit${asked(query)}`),
  accounts: (query: Query) => at<List<Account>>(`/api/accounts${asked(query)}`),
} as const;
