import {
  count,
  ErrorState,
  get,
  LoadingState,
  Page,
  RelativeTime,
  SearchBox,
  Tag,
  toast,
  useCrumbs,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReachedClient } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { startSession } from './ClientPage.tsx';
import classes from './JumpClients.module.css';
import { NoneFound } from './NoneFound.tsx';
import { StatusTag } from './StatusTag.tsx';
import { useStart } from './use-start.ts';

/** The Jump Clients that a representative reaches, to be found and helped. */
export function ReachedPage() {
  useCrumbs({ title: 'Jump Clients' });
  const [search, setSearch] = useState('');
  const query = { search, limit: '50' };
  const list = useInfiniteQuery({
    queryKey: [paths.reachedClients(query), 'all pages'],
    queryFn: ({ pageParam, signal }) => get(paths.reachedClients({ ...query, cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    refetchInterval: 15_000,
  });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Jump Clients" lead="Machines on which you can help without anybody there.">
      <div className={classes.tools}>
        <SearchBox label="Search Jump Clients" value={search} onSearch={setSearch} />
        <span className={classes.total} role="status">
          {items === undefined ? '' : `${count(items.length, 'Jump Client')}${list.hasNextPage ? ', and more' : ''}`}
        </span>
      </div>
      {items === undefined ? (
        list.error === null ? (
          <LoadingState rows={6} height={52} />
        ) : (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        )
      ) : items.length === 0 ? (
        <NoneFound search={search} />
      ) : (
        <ul className={classes.list} aria-label="Jump Clients" data-stale={list.isPlaceholderData ? 'true' : undefined}>
          {items.map((client) => (
            <Row key={client.id} client={client} />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </Page>
  );
}

function Row({ client }: { client: ReachedClient }) {
  const { id, name, hostname, operatingSystem, tag, comments, jumpGroup, lastSeenAt, obstacle } = client;
  const navigate = useNavigate();
  const start = useStart({
    run: startSession,
    onBegun: ({ lsid }) => void navigate({ to: `/console/support/${lsid}` }),
    onAsked: () => void navigate({ to: `/console/jump-clients/${id}` }),
    onError: toast.failed,
  });
  return (
    <li className={classes.row}>
      <span className={classes.lead}>
        <span className={classes.name}>{name}</span>
        <span className={classes.dim}>
          {hostname} · {operatingSystem}
        </span>
        {comments === '' ? null : <span className={classes.dim}>{comments}</span>}
      </span>
      <span className={classes.about}>
        <span>{jumpGroup?.name ?? 'Your own'}</span>
        {tag === '' ? null : <Tag tone="quiet">{tag}</Tag>}
      </span>
      <span className={classes.state}>
        <StatusTag status={client.status} isLocked={client.isLocked} />
        {client.status === 'online' || lastSeenAt === null ? null : (
          <span className={classes.dim}>
            Seen <RelativeTime at={lastSeenAt} />
          </span>
        )}
      </span>
      {obstacle === null ? (
        <Button
          size="compact-sm"
          leftSection={<IconHeadset size={15} />}
          loading={start.isPending}
          aria-label={`Start a session with ${name}`}
          onClick={() => start.mutate(id)}
        >
          Start
        </Button>
      ) : (
        <span className={classes.why}>{obstacle}</span>
      )}
    </li>
  );
}
