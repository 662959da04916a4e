import type { z } from 'zod';
import type { Case, KeptNote, Permission, Person } from '../api.ts';

export interface FakeCase extends Omit<z.output<typeof Case>, 'url' | 'version'> {
  version: number;
  isRemoved: boolean;
  mergedInto: string | null;
  readonly notes: (z.output<typeof KeptNote> & { readonly minutes: number })[];
}

export interface FakeAccount {
  readonly login: string;
  readonly permissions: readonly z.output<typeof Permission>[];
}

export interface FakeDesk {
  /** By their tokens. */
  readonly accounts: Map<string, FakeAccount>;
  readonly people: z.output<typeof Person>[];
  readonly cases: FakeCase[];
  /** Ids of cases that changed, in order. */
  readonly changes: string[];
  /** What cases have, and whether a field takes several values. */
  readonly fields: ReadonlyMap<string, boolean>;
}

export const newDesk = (accounts: Readonly<Record<string, FakeAccount>>): FakeDesk => ({
  accounts: new Map(Object.entries(accounts)),
  people: [
    { id: 'p1', login: 'ann', name: 'Ann', email: 'ann@corp.example' },
    { id: 'p2', login: 'bob', name: 'Bob', email: 'desk@corp.example' },
    { id: 'p3', login: 'bea', name: 'Béa', email: 'desk@corp.example' },
    { id: 'p4', login: 'carol', name: 'Carol', email: 'carol@customer.example' },
  ],
  cases: [],
  changes: [],
  fields: new Map([
    ['session_ids', true],
    ...[
      ...['session_key', 'session_url', 'session_key_expires', 'session_start_link', 'jump_client_search_criteria'],
      ...['last_session_status', 'last_session_end', 'survey_rating', 'site'],
    ].map((name) => [name, false] as const),
  ]),
});

export const touched = (desk: FakeDesk, one: FakeCase): void => {
  one.version++;
  desk.changes.push(one.id);
};

export const newCase = (desk: FakeDesk, some: Pick<FakeCase, 'subject'> & Partial<FakeCase>): FakeCase => {
  const at = 1_000 + desk.cases.length;
  const made: FakeCase = {
    ...{ id: `case-${at}`, number: `SC-${at}`, table: 'support', status: 'new', version: 1, team: 'First line' },
    ...{ requester: desk.people[3] ?? null, assignee: null, isRemoved: false, mergedInto: null, notes: [] },
    ...some,
    fields: {
      ...Object.fromEntries([...desk.fields].map(([name, isMany]) => [name, isMany ? [] : null])),
      ...some.fields,
    },
  };
  desk.cases.push(made);
  desk.changes.push(made.id);
  return made;
};
