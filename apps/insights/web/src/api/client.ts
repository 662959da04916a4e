import { type ApiPath, Problem, send } from '@gatehouse/ui';
import { QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { paths } from './paths.ts';

export { send };

export const get = <T>(path: ApiPath<T>, signal?: AbortSignal): Promise<T> => send<T>('GET', path, undefined, signal);

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The sign-in ended meanwhile: asking for the session leads to the sign-in page.
      if (error instanceof Problem && error.status === 401)
        void queryClient.invalidateQueries({ queryKey: [paths.session] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays one; only what was unreachable or busy is worth asking again.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof Problem) || [0, 429, 502, 503, 504].includes(error.status)),
    },
  },
});

interface ApiOptions {
  /** Asks again every so many milliseconds. */
  readonly every?: number;
  readonly enabled?: boolean;
  /** Shows the last answer while another is on its way: for lists that are paged. */
  readonly keep?: boolean;
}

export const useApi = <T>(path: ApiPath<T>, { every, enabled, keep }: ApiOptions = {}) =>
  useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => get(path, signal),
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(keep ? { placeholderData: sameList(path) } : {}),
  });

/** The page before, as long as it is of the same list: rows of another kind would be drawn with the wrong columns. */
const sameList =
  (path: string) =>
  <T>(previous: T | undefined, query: { readonly queryKey: readonly unknown[] } | undefined) =>
    String(query?.queryKey[0] ?? '').split('?')[0] === path.split('?')[0] ? previous : undefined;

/** Asks again for everything below a path, after something was changed there; not for what was deleted with it. */
export const useRefresh = () => {
  const client = useQueryClient();
  return (prefix: string, deleted?: string) =>
    client.invalidateQueries({
      predicate: ({ queryKey: [path] }) =>
        String(path).startsWith(prefix) && (deleted === undefined || !String(path).startsWith(deleted)),
    });
};
