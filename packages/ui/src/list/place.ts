import { useLocation, useParams, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { emptyView, type TableView } from '../table/column.ts';

/** What a list of the API is asked, by name. */
export type Query = Readonly<Record<string, string>>;

/** A parameter of the address, such as `id`. */
export const useParam = (name: string): string => {
  const params: Readonly<Record<string, string | undefined>> = useParams({ strict: false });
  return params[name] ?? '';
};

export const useQuery = (): URLSearchParams => {
  const search = useLocation({ select: ({ searchStr }) => searchStr });
  return useMemo(() => new URLSearchParams(search), [search]);
};

interface Placed {
  readonly view: TableView;
  readonly picked: Query;
}

/** What a list shows, kept in the address: search, filters and the page. The way back is kept with the history entry. */
export const usePlace = (filters: readonly string[]): readonly [Placed, (next: Partial<Placed>) => void] => {
  const { history } = useRouter();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const before = useLocation({ select: ({ state }) => readBefore(state) });
  const query = useQuery();
  const names = filters.join(' ');
  const placed = useMemo<Placed>(
    () => ({
      view: {
        ...{ ...emptyView, search: query.get('search') ?? '', cursor: query.get('cursor') },
        before: before.split('\n').slice(0, -1),
      },
      picked: Object.fromEntries(names.split(' ').map((name) => [name, query.get(name) ?? ''])),
    }),
    [query, before, names],
  );
  const change = ({ view = { ...placed.view, cursor: null, before: [] }, picked = placed.picked }: Partial<Placed>) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries({ ...picked, search: view.search, cursor: view.cursor ?? '' }))
      if (value === '') next.delete(name);
      else next.set(name, value);
    const where = `${path}${next.size === 0 ? '' : `?${next}`}`;
    if (view.search === placed.view.search) history.push(where, { before: view.before });
    else history.replace(where, { before: view.before });
  };
  return [placed, change];
};

/** One text, because a selected value is compared by identity; ends every cursor with a line feed. */
const readBefore = (state: unknown): string => {
  const before = typeof state === 'object' && state !== null && 'before' in state ? state.before : [];
  return Array.isArray(before) ? before.map((cursor) => `${String(cursor)}\n`).join('') : '';
};
