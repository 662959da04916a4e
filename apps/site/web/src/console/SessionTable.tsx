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
import { type ReactNode, useMemo, useState } from 'react';
import type { List, Session } from '../api/paths.ts';
import { protocols, SessionTag, secondsOf, shortEndings } from './words.tsx';

interface SessionTableProps {
  id: string;
  label: string;
  address(query: Readonly<Record<string, string>>): ApiPath<List<Session>>;
  hrefOf(session: Session): string;
  /** Columns that are not shown at first. */
  hidden?: readonly string[];
  live?: boolean;
  extra?: ReactNode;
  empty: ReactNode;
}

/** A list of sessions, searched and paged by the server. */
export function SessionTable({ id, label, address, hrefOf, hidden, live, extra, empty }: SessionTableProps) {
  const [view, setView] = useState(emptyView);
  const query = { search: view.search, cursor: view.cursor ?? '', limit: '50', ...(live ? { live: 'true' } : {}) };
  const list = useApi(address(query), { keep: true, every: 10_000 });
  const columns = useMemo(
    () => allColumns.map((column) => (hidden?.includes(column.name) ? { ...column, shown: false } : column)),
    [hidden],
  );
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
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => saveCsv(items, label)}>
              CSV
            </Button>
          )}
        </>
      }
    />
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const allColumns: readonly TableColumn<Session>[] = [
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

/** The page of the list that is shown, for a spreadsheet; the API has all of them. */
const saveCsv = (sessions: readonly Session[], label: string) => {
  const lines = sessions.map((session) => [
    ...[session.id, session.correlationId, session.item.name, session.item.hostname, protocols[session.item.type]],
    ...[session.person.username, session.person.name, session.account, session.reason, session.ticket, session.state],
    ...[session.requestedAt, session.openedAt ?? '', session.endedAt ?? ''],
    ...[session.ending === null ? '' : shortEndings[session.ending], session.endedBy ?? '', session.recording],
  ]);
  const text = [titles, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
  const address = URL.createObjectURL(new Blob([`${text}\r\n`], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: `${label}.csv` });
  link.click();
  URL.revokeObjectURL(address);
};

const titles = [
  ...['id', 'correlationId', 'endpoint', 'hostname', 'protocol', 'username', 'name', 'account', 'reason', 'ticket'],
  ...['state', 'requestedAt', 'openedAt', 'endedAt', 'ending', 'endedBy', 'recording'],
];
/** A spreadsheet takes what begins with one of these for a formula. */
const quoted = (value: string) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
