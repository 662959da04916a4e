import { QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { Problem } from '../problem.ts';
import { type ApiPath, at } from './path.ts';
import type { SignedInPerson } from './program.ts';
import { send } from './send.ts';

/** Who is signed in; `setup` while nobody has an account. */
export const sessionPath = at<{ readonly person: SignedInPerson | null; readonly setup: boolean }>('/api/session');

/** The answers of the API that the pages of one program have. */
export const makeQueryClient = (): QueryClient => {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        // The sign-in ended meanwhile: asking for the session leads to the sign-in page.
        if (error instanceof Problem && error.status === 401)
          void client.invalidateQueries({ queryKey: [sessionPath] });
      },
    }),
    defaultOptions: {
      // A refusal stays one; only what was unreachable or busy is worth asking again.
      queries: { staleTime: 15_000, retry: (failures, error) => failures < 2 && isPassing(error) },
    },
  });
  return client;
};

const isPassing = (error: Error) => !(error instanceof Problem) || [0, 429, 502, 503, 504].includes(error.status);

export const get = <T>(path: ApiPath<T>, signal?: AbortSignal): Promise<T> => send<T>('GET', path, undefined, signal);

interface ApiOptions {
  /** Asks again every so many milliseconds. */
  readonly every?: number;
  readonly enabled?: boolean;
  /** Shows the last answer while another is on its way: for lists that are paged. */
  readonly keep?: boolean;
  /** A failure is shown at once; whether to ask again is the person's choice. */
  readonly once?: boolean;
}

export const useApi = <T>(path: ApiPath<T>, { every, enabled = true, keep = false, once = false }: ApiOptions = {}) =>
  useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => get(path, signal),
    enabled,
    ...(once ? { retry: false } : {}),
    refetchInterval: every ?? false,
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
