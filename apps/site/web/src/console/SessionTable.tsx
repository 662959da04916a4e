import {
  type ApiPath,
  formatDuration,
  type ListChoice,
  RelativeTime,
  ServerList,
  type TableColumn,
} from '@gatehouse/ui';
import type { ReactNode } from 'react';
import type { List, Session } from '../api/paths.ts';
import { SessionTag, secondsOf } from './words.tsx';

interface SessionTableProps {
  id: string;
  label: string;
  address(query: Readonly<Record<string, string>>): ApiPath<List<Session>>;
  hrefOf(session: Session): string;
  /** The same list as a file. */
  file(query: Readonly<Record<string, string>>): string;
  choices?: readonly ListChoice[];
  empty: ReactNode;
}

/** A list of sessions, searched and paged by the server. */
export function SessionTable({ id, label, address, hrefOf, file, choices = [], empty }: SessionTableProps) {
  return (
    <ServerList<Session>
      {...{ id, label, columns, choices, empty }}
      path={address}
      every={10_000}
      rowId={(session) => session.id}
      rowHref={hrefOf}
      searchLabel="Search sessions"
      files={[{ title: 'CSV', address: file }]}
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
