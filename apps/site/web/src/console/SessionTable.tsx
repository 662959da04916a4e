import {
  type ApiPath,
  DataTable,
  emptyView,
  formatDuration,
  RelativeTime,
  type TableColumn,
  useApi,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { List, Session } from '../api/paths.ts';
import { SessionTag, secondsOf } from './words.tsx';

interface SessionTableProps {
  id: string;
  label: string;
  address(query: Readonly<Record<string, string>>): ApiPath<List<Session>>;
  hrefOf(session: Session): string;
  /** Sent with what is searched for. */
  filters?: Readonly<Record<string, string>>;
  /** The same list as a file. */
  file(query: Readonly<Record<string, string>>): string;
  extra?: ReactNode;
  empty: ReactNode;
}

/** A list of sessions, searched and paged by the server. */
export function SessionTable({ id, label, address, hrefOf, filters, file, extra, empty }: SessionTableProps) {
  const [view, setView] = useState(emptyView);
  const query = { search: view.search, cursor: view.cursor ?? '', limit: '50', ...filters };
  const list = useApi(address(query), { keep: true, every: 10_000 });
  const items = list.data?.items ?? [];
  return (
    <DataTable<Session>
      {...{ id, label, columns, view, empty }}
      onView={setView}
      page={list.data}
      error={list.error}
      isStale={list.isPlaceholderData}
      onRetry={() => void list.refetch()}
      rowId={(session) => session.id}
      rowHref={hrefOf}
      searchLabel="Search sessions"
      extra={
        <>
          {extra}
          {items.length === 0 ? null : (
            <Button
              component="a"
              href={file({ search: view.search, ...filters })}
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
              title="Everything that the list has, not only this page"
            >
              CSV
            </Button>
          )}
        </>
      }
    />
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Session>[] = [
  { ...plain, name: 'item', title: 'Endpoint', width: 150, cell: ({ item }) => item.name },
  { ...plain, name: 'state', title: 'State', width: 140, cell: (session) => <SessionTag session={session} /> },
  {
    ...{ ...plain, name: 'person', title: 'Who', width: 160 },
    cell: ({ person }) => <span title={person.username}>{person.name}</span>,
  },
  { ...plain, name: 'account', title: 'Account', width: 110 },
  {
    ...{ ...plain, name: 'requestedAt', title: 'Opened', width: 130 },
    cell: ({ requestedAt }) => <RelativeTime at={requestedAt} />,
  },
  {
    ...{ ...plain, name: 'seconds', title: 'Took', width: 110 },
    cell: (session) => {
      const seconds = secondsOf(session);
      return seconds === null ? '—' : formatDuration(seconds);
    },
  },
  { ...plain, name: 'ticket', title: 'Ticket', width: 110 },
  { ...plain, name: 'reason', title: 'Reason', width: 220 },
];
