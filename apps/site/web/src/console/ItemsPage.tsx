import {
  count,
  EmptyState,
  ErrorState,
  get,
  LoadingState,
  Page,
  Problem,
  RelativeTime,
  SearchBox,
  Tag,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, SegmentedControl } from '@mantine/core';
import { IconLock, IconPlayerPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { type ConsoleItem, paths } from '../api/paths.ts';
import classes from './ItemsPage.module.css';
import { LiveSessions } from './LiveSessions.tsx';
import { Star } from './Star.tsx';
import { obstacles, ProtocolIcon, protocols } from './words.tsx';

/** Everything this person may open a session with. */
export function ItemsPage() {
  useCrumbs({ title: 'Console' });
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState('all');
  const list = useItems(search, only === 'favourites');
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Console" lead="Endpoints that you may open a session with.">
      <LiveSessions />
      {search === '' && only === 'all' ? <Recent items={items ?? []} /> : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows only move between what can be reached without them. */}
      <div onKeyDown={moveBetweenRows}>
        <div className={classes.tools}>
          <SearchBox label="Search endpoints" value={search} onSearch={setSearch} />
          <SegmentedControl
            size="xs"
            aria-label="Which endpoints"
            value={only}
            onChange={setOnly}
            data={[
              { value: 'all', label: 'All' },
              { value: 'favourites', label: 'Favourites' },
            ]}
          />
          <span className={classes.total} role="status">
            {items === undefined ? '' : `${count(items.length, 'endpoint')}${list.hasNextPage ? ', and more' : ''}`}
          </span>
        </div>
        {items === undefined ? (
          list.error === null ? (
            <LoadingState rows={6} height={52} />
          ) : (
            <Refused error={list.error} onRetry={() => void list.refetch()} />
          )
        ) : items.length === 0 ? (
          <Nothing isSearch={search !== ''} isFavourites={only === 'favourites'} />
        ) : (
          <ul className={classes.list} aria-label="Endpoints" data-stale={list.isPlaceholderData ? 'true' : undefined}>
            {items.map((item) => (
              <Row key={`${item.type} ${item.id}`} item={item} />
            ))}
          </ul>
        )}
      </div>
      {list.hasNextPage ? (
        <Button
          variant="default"
          className={classes.more ?? ''}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </Page>
  );
}

const useItems = (search: string, favourites: boolean) => {
  const query = { search, ...(favourites ? { favourites: 'true' } : {}), limit: '100' };
  return useInfiniteQuery({
    queryKey: [paths.items(query), 'all pages'],
    queryFn: ({ pageParam, signal }) => get(paths.items({ ...query, cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
};

const addressOf = ({ type, id }: ConsoleItem) => `/console/${type}/${id}`;

function Row({ item }: { item: ConsoleItem }) {
  const where = item.port === null ? item.hostname : `${item.hostname}:${item.port}`;
  const words = (
    <>
      <span className={classes.name}>{item.name}</span>
      <span className={classes.host}>{where}</span>
    </>
  );
  return (
    <li className={classes.row} data-disabled={item.obstacle === null ? undefined : 'true'}>
      <Star item={item} />
      <span className={classes.protocol} title={protocols[item.type]}>
        <ProtocolIcon type={item.type} />
        <span>{protocols[item.type]}</span>
      </span>
      {item.obstacle === null ? (
        <a className={classes.lead} href={addressOf(item)} data-row>
          {words}
        </a>
      ) : (
        <span className={classes.lead}>{words}</span>
      )}
      {item.obstacle === null ? (
        <span className={classes.about}>
          <span>{item.jumpGroup?.name ?? 'Your own'}</span>
          {item.tag === '' ? null : <Tag tone="quiet">{item.tag}</Tag>}
        </span>
      ) : (
        <span className={classes.why}>
          <IconLock size={15} aria-hidden="true" />
          {obstacles[item.obstacle]}
        </span>
      )}
      <span className={classes.side}>
        {item.live > 0 ? <Tag tone="good">{item.live} live</Tag> : null}
        {item.lastUsedAt === null ? null : (
          <span className={classes.used}>
            Used <RelativeTime at={item.lastUsedAt} />
          </span>
        )}
      </span>
    </li>
  );
}

/** The last few, one click away. */
function Recent({ items }: { items: readonly ConsoleItem[] }) {
  const recent = items
    .filter(({ lastUsedAt, obstacle }) => lastUsedAt !== null && obstacle === null)
    .toSorted((a, b) => Date.parse(b.lastUsedAt ?? '') - Date.parse(a.lastUsedAt ?? ''))
    .slice(0, 4);
  // Of a short list, everything is in sight anyway.
  if (recent.length === 0 || items.length < 6) return null;
  return (
    <section aria-labelledby="recent" className={classes.recent}>
      <h2 id="recent">Recently used</h2>
      <ul>
        {recent.map((item) => (
          <li key={`${item.type} ${item.id}`}>
            <a href={addressOf(item)}>
              <ProtocolIcon type={item.type} size={16} />
              {item.name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Nothing({ isSearch, isFavourites }: { isSearch: boolean; isFavourites: boolean }) {
  if (isSearch)
    return <EmptyState title="No endpoint matches">Search for a part of its name, address or tag.</EmptyState>;
  if (isFavourites)
    return (
      <EmptyState title="No favourites yet">
        The star before an endpoint keeps it here, and first in the list.
      </EmptyState>
    );
  return (
    <EmptyState icon={<IconPlayerPlay size={28} stroke={1.5} />} title="There is no endpoint for you yet">
      Ask an administrator of this site to add you to a group policy that allows access to endpoints, with the protocols
      you need and a Jump group that has them. They appear here by themselves.
    </EmptyState>
  );
}

/** Who signs in here need not be a user of the site: an administrator may have been made without. */
function Refused({ error, onRetry }: { error: Error; onRetry(): void }) {
  if (!(error instanceof Problem) || error.status !== 404) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState icon={<IconLock size={28} stroke={1.5} />} title="You are not a user of this site yet">
      Ask an administrator to add a user with your e-mail address under Users.
    </EmptyState>
  );
}

/** Arrows go from the search box into the list, through it and back; Enter opens, since every row is a link. */
const moveBetweenRows = (event: KeyboardEvent<HTMLDivElement>) => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (!(event.target instanceof HTMLElement) || event.target.closest('[role=radiogroup]') !== null) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const search = event.currentTarget.querySelector<HTMLElement>('input[data-search-box]');
  const row = event.target.closest('li')?.querySelector<HTMLElement>('[data-row]') ?? null;
  const at = row === null ? -1 : rows.indexOf(row);
  const next = at + (event.key === 'ArrowDown' ? 1 : -1);
  if (next >= rows.length || (at === -1 && event.key === 'ArrowUp')) return;
  event.preventDefault();
  (next < 0 ? search : rows[next])?.focus();
};
