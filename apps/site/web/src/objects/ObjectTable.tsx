import { EmptyState, ServerList, type TableColumn, useApi, wordsOf } from '@gatehouse/ui';
import { type ReactNode, useMemo } from 'react';
import { z } from 'zod';
import { type Item, paths } from '../api/paths.ts';
import { type PageKind, references } from './kinds.ts';

interface ObjectTableProps {
  kind: PageKind;
  /** Columns that the shape has no field for. */
  more?: readonly TableColumn<Item>[];
  empty: ReactNode;
  /** Asks again every so many milliseconds, where it changes by itself. */
  every?: number;
  /** Below others on a page: its place is not in the address. */
  isPart?: boolean;
}

/** The list of one kind: searched and paged by the server. */
export function ObjectTable({ kind, more = none, empty, ...list }: ObjectTableProps) {
  const { api, page, shape } = kind;
  const columns = useMemo(
    () => kind.columns.map((name) => more.find((one) => one.name === name) ?? columnOf(kind, name)),
    [kind, more],
  );
  return (
    <ServerList<Item>
      id={`site${api.replaceAll('/', '.')}`}
      label={shape.many}
      columns={columns}
      path={(query) => paths.list(api, query)}
      rowId={({ id }) => String(id)}
      rowHref={({ id }) => (page === '' ? undefined : `${page}/${String(id)}`)}
      searchLabel={`Search ${shape.many}`}
      empty={empty}
      {...list}
    />
  );
}

const none: readonly TableColumn<Item>[] = [];

const columnOf = ({ shape, none: words }: PageKind, name: string): TableColumn<Item> => {
  const field = shape.fields[name];
  const { title = wordsOf(name), type } = (
    field ? z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) : {}
  ) as {
    title?: string;
    type?: string;
  };
  const common = { name, title, sort: false, filter: false };
  if (references[name] !== undefined)
    return { ...common, type: 'text', cell: (row) => <Named name={name} id={row[name]} none={words?.[name]} /> };
  if (type === 'boolean') return { ...common, type: 'text', width: 110, cell: (row) => (row[name] ? 'Yes' : 'No') };
  if (/authentication|_at$|_expiration$/.test(name)) return { ...common, type: 'time' };
  const width =
    type === 'integer' ? 80 : /^(comments|description|message)$/.test(name) ? 320 : name === 'tag' ? 120 : 190;
  return { ...common, type: 'text', width };
};

/** The name of what an id stands for. */
export function Named({ name, id, none }: { name: string; id: unknown; none?: string | undefined }) {
  const { api, label, none: usual = '' } = references[name] ?? { api: '', label: 'name' };
  const isSome = typeof id === 'number' && id > 0;
  const found = useApi(paths.item(api, String(id)), { enabled: isSome });
  return isSome ? String(found.data?.[label] ?? `#${id}`) : (none ?? usual);
}

export function NothingYet({ kind, add, children }: { kind: PageKind; add: ReactNode; children: ReactNode }) {
  return (
    <EmptyState title={`No ${kind.shape.one.toLowerCase()} yet`} actions={add}>
      {children}
    </EmptyState>
  );
}
