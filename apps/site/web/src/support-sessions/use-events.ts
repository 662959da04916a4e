import { get } from '@gatehouse/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { paths, type WholeSession } from '../api/paths.ts';

export type SupportEvent = WholeSession['events'][number];

/** As the API answers at once. */
const atOnce = 1_000;
/** What a page can show and still be read. */
const most = 20_000;

/** What happened in a session, from its beginning: all of it, a thousand after the other. */
export const useEvents = (session: WholeSession): { events: readonly SupportEvent[]; isWhole: boolean } => {
  const { lsid } = session;
  const first = session.events;
  const last = first.at(-1)?.seq ?? 0;
  const more = useInfiniteQuery({
    queryKey: ['support-events', lsid, last],
    queryFn: ({ pageParam, signal }) => get(paths.anySupport(lsid, pageParam), signal),
    initialPageParam: last,
    getNextPageParam: ({ events }, pages) =>
      events.length < atOnce || (pages.length + 1) * atOnce >= most ? null : (events.at(-1)?.seq ?? null),
    enabled: first.length === atOnce,
  });
  const { hasNextPage, isFetching, fetchNextPage } = more;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const pages = more.data?.pages;
  return useMemo(() => {
    const events = [...first, ...(pages ?? []).flatMap((page) => page.events)];
    return { events, isWhole: events.length % atOnce !== 0 || events.length === 0 };
  }, [first, pages]);
};
