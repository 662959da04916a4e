import type { RecordKind } from '@gatehouse/connector-kit';

/** How many records of each kind one organisation has. */
export type Size = Readonly<Partial<Record<RecordKind, number>>>;

/** What is read: one large list, and an organisation whose memberships outnumber everything else. */
export const organisations = (rows: number): readonly { readonly title: string; readonly size: Size }[] => [
  { title: `${count(rows)} accounts`, size: { accounts: rows } },
  {
    title: `${count(rows / 5)} accounts, ${count(rows / 50)} groups, ${count(rows)} memberships`,
    size: { accounts: Math.floor(rows / 5), groups: Math.floor(rows / 50), memberships: rows },
  },
];

export const count = (value: number) => new Intl.NumberFormat('en').format(Math.floor(value));
