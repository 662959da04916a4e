import { emptyView, parseView, type TableView, viewQuery } from '@gatehouse/ui';
import { useLocation, useParams, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';

/** A parameter of the address, such as `tenantId`. A route that lacks it is a mistake of ours. */
export const useParam = (name: string): string => {
  const params: Readonly<Record<string, string | undefined>> = useParams({ strict: false });
  const value = params[name];
  if (value === undefined) throw new Error(`This page has no ${name} in its address.`);
  return value;
};
export const useTenantId = () => useParam('tenantId');

/** The query of the address. */
export const useQueryString = (): URLSearchParams => {
  const search = useLocation({ select: ({ searchStr }) => searchStr });
  return useMemo(() => new URLSearchParams(search), [search]);
};

/** Goes to a path of these pages; `replace` leaves no trace in the history. */
export const useGo = () => {
  const { history } = useRouter();
  return (path: string, { replace, state }: { replace?: boolean; state?: object } = {}) =>
    replace ? history.replace(path, state) : history.push(path, state);
};

/** The view of a table, kept in the address; the way back through its pages is kept with the history entry. */
export const useTableView = (): readonly [TableView, (view: TableView) => void] => {
  const go = useGo();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const query = useQueryString();
  const before = useLocation({ select: ({ state }) => readBefore(state) });
  const view = useMemo(
    () => ({ ...emptyView, ...parseView(query), before: before.split('\n').slice(0, -1) }),
    [query, before],
  );
  const change = (next: TableView) => {
    // Parameters of the page itself, such as `status`, stay.
    const changed = new URLSearchParams(query);
    for (const name of ['search', 'filter', 'sort', 'columns', 'cursor']) changed.delete(name);
    for (const [name, value] of viewQuery(next)) changed.append(name, value);
    if (next.cursor !== null) changed.set('cursor', next.cursor);
    const asked = changed.size === 0 ? '' : `?${changed}`;
    go(`${path}${asked}`, { replace: next.search !== view.search, state: { before: next.before } });
  };
  return [view, change];
};

/** One text, because a selected value is compared by identity; ends every cursor with a line feed. */
const readBefore = (state: unknown): string => {
  const before = typeof state === 'object' && state !== null && 'before' in state ? state.before : [];
  return Array.isArray(before) ? before.map((cursor) => `${String(cursor)}\n`).join('') : '';
};

/** What the API of a list is asked: the view and the cursor, without what only the page knows. */
export const listQuery = (view: TableView, more: Readonly<Record<string, string>> = {}): URLSearchParams => {
  const query = viewQuery(view);
  query.delete('columns');
  if (view.cursor !== null) query.set('cursor', view.cursor);
  for (const [name, value] of Object.entries(more)) if (value !== '') query.set(name, value);
  return query;
};
