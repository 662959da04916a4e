import { Problem } from '@gatehouse/ui';
import { QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiPath, paths } from './paths.ts';

const timeoutMs = 30_000;

/** One request to the API of this server. Anything but a success is thrown as a `Problem`. */
export const send = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> => {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    credentials: 'same-origin',
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw problemOf(response.status, answer);
  // The server checks every answer against the schema that the type of the path comes from.
  return answer as T;
};

export const get = <T>(path: ApiPath<T>, signal?: AbortSignal): Promise<T> => send<T>('GET', path, undefined, signal);

const parse = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const problemOf = (status: number, body: unknown): Problem => {
  const { title, detail, message, errors } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const fields = Array.isArray(errors)
    ? Object.fromEntries(errors.map((one) => [String(one?.field ?? ''), String(one?.message ?? '')]))
    : {};
  const words = typeof detail === 'string' ? detail : typeof message === 'string' ? message : '';
  return new Problem(status, typeof title === 'string' ? title : 'The server could not do this', words, fields);
};

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
