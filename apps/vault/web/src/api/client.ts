import { type ApiPath, Problem, send } from '@gatehouse/ui';
import { QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { paths } from './paths.ts';

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The sign-in ended meanwhile: asking for the session leads to the sign-in page.
      if (error instanceof Problem && error.status === 401)
        void queryClient.invalidateQueries({ queryKey: [paths.session] });
    },
  }),
  defaultOptions: {
    // A refusal stays one; only what was unreachable or busy is worth asking again.
    queries: { staleTime: 15_000, retry: (failures, error) => failures < 2 && isPassing(error) },
  },
});

const isPassing = (error: Error) => !(error instanceof Problem) || [0, 429, 502, 503, 504].includes(error.status);

interface ApiOptions {
  /** Asks again every so many milliseconds. */
  readonly every?: number;
  readonly enabled?: boolean;
  /** Shows the last answer while another is on its way. */
  readonly keep?: boolean;
}

export const useApi = <T>(path: ApiPath<T>, { every, enabled = true, keep = false }: ApiOptions = {}) =>
  useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => send<T>('GET', path, undefined, signal),
    enabled,
    refetchInterval: every ?? false,
    ...(keep ? { placeholderData: before } : {}),
  });

const before = <T>(answer: T | undefined) => answer;

/** Asks again for everything below a path, after something was changed there. */
export const useRefresh = () => {
  const client = useQueryClient();
  return (prefix: string) =>
    client.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(prefix) });
};
