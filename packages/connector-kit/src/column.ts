import type { Json } from '@gatehouse/kernel';

/**
 * One column of a record. This is the only place that knows it: the TypeScript type of the record, the table in
 * PostgreSQL, the filters of the API, the command line and the pages all derive from it.
 */
export interface Column<T = unknown> {
  readonly type: 'text' | 'time' | 'flag' | 'number' | 'list' | 'json';
  /** Heading in tables and on detail pages. */
  readonly title: string;
  /** The only values, for columns that have a fixed set. */
  readonly values?: readonly string[];
  /** Found by the search box. */
  readonly search?: true;
  /** Can be sorted and ranged over with an index. */
  readonly sort?: true;
  /** Shown in a table unless the person hides it. */
  readonly shown?: true;
  /** Carries the type only. */
  readonly of?: T;
}

interface Use {
  readonly search?: true;
  readonly sort?: true;
  readonly shown?: true;
}

/** `null` means unknown or absent, and is never the same as false, zero or empty. */
export const column = {
  /** At most 2,000 characters are kept. */
  text: (title: string, use: Use = {}): Column<string | null> => ({ type: 'text', title, ...use }),
  time: (title: string, use: Use = {}): Column<Date | null> => ({ type: 'time', title, ...use }),
  flag: (title: string, use: Use = {}): Column<boolean | null> => ({ type: 'flag', title, ...use }),
  number: (title: string, use: Use = {}): Column<number | null> => ({ type: 'number', title, ...use }),
  list: (title: string, use: Use = {}): Column<readonly string[]> => ({ type: 'list', title, ...use }),
  json: (title: string, use: Use = {}): Column<Json> => ({ type: 'json', title, ...use }),
  oneOf: <const V extends readonly string[]>(title: string, values: V, use: Use = {}): Column<V[number] | null> => ({
    type: 'text',
    title,
    values,
    ...use,
  }),
};

export type Columns = Readonly<Record<string, Column>>;
export type Row<C extends Columns> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };
