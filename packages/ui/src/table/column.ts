import type { ReactNode } from 'react';

/** One column of a table; `name` is the property of the row and the name in filters and sorts. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly title: string;
  readonly type: 'text' | 'time' | 'flag' | 'number' | 'list' | 'json';
  /** The only values, where the set is fixed: filters offer them. */
  readonly values?: readonly string[] | null;
  readonly sort?: boolean;
  /** Says a value in words, where the value itself says nothing to people, such as an id. Default: the value's own words. */
  label?(value: string): string;
  /** Shown until the person chooses otherwise. */
  readonly shown?: boolean;
  /** Offered in the filter builder. */
  readonly filter?: boolean;
  /** Pixels. */
  readonly width?: number;
  /** Draws the cell; left out, the type decides. A leading cell is inside the link of its row and must not hold another. */
  cell?(row: Row, isLeading: boolean): ReactNode;
}

const widths = { text: 190, time: 140, flag: 110, number: 110, list: 220, json: 200 } as const;
export const widthOf = ({ width, type, values }: TableColumn<never>): number => width ?? (values ? 140 : widths[type]);

/** What a table shows. All of it is in the address bar except `before`, which is kept with the history entry. */
export interface TableView {
  readonly search: string;
  /** `column:operator:value`, all must hold. */
  readonly filters: readonly string[];
  /** `column` or `-column`; null: the server's own order. */
  readonly sort: string | null;
  /** Names of the columns shown, in order; null: as remembered, else as they come. */
  readonly columns: readonly string[] | null;
  readonly cursor: string | null;
  /** Cursors of the pages before this one, first page first (its cursor is empty). */
  readonly before: readonly string[];
}

export const emptyView: TableView = { search: '', filters: [], sort: null, columns: null, cursor: null, before: [] };

export interface TablePage<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}

/** The view as a query, for the API and for saved views. */
export const viewQuery = ({ search, filters, sort, columns }: TableView): URLSearchParams => {
  const query = new URLSearchParams();
  if (search !== '') query.set('search', search);
  for (const filter of filters) query.append('filter', filter);
  if (sort !== null) query.set('sort', sort);
  if (columns !== null) query.set('columns', columns.join(','));
  return query;
};

/** The other direction: unknown parameters are ignored. */
export const parseView = (query: URLSearchParams): TableView => ({
  search: query.get('search') ?? '',
  filters: query.getAll('filter'),
  sort: query.get('sort'),
  columns: query.get('columns')?.split(',').filter(Boolean) ?? null,
  cursor: query.get('cursor'),
  before: [],
});

/** The next click on a heading: up, down, then the server's own order. */
export const nextSort = (current: string | null, name: string): string | null =>
  current === name ? `-${name}` : current === `-${name}` ? null : name;
