import {
  EmptyState,
  type ListChoice,
  Page,
  RelativeTime,
  ServerList,
  type TableColumn,
  Tag,
  useCrumbs,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { paths, type ReportedSession } from '../api/paths.ts';
import { SupportTag, tookOf } from './words.tsx';

const choices: readonly ListChoice[] = [
  { name: 'from', title: 'From', day: true },
  { name: 'until', title: 'To', day: true },
  { name: 'live', title: 'Live only', toggle: 'true' },
  { name: 'held', title: 'On hold', toggle: 'true' },
];
const files = (['csv', 'json'] as const).map((format) => ({
  ...{ title: format.toUpperCase(), address: paths.supportExport(format) },
}));

/** Reports > Support sessions: everybody's. */
export function SupportSessionsPage() {
  useCrumbs({ title: 'Support sessions' });
  return (
    <Page title="Support sessions" lead="Who was helped, by whom, and what came of it. Newest first.">
      <ServerList<ReportedSession>
        id="site.support-sessions"
        label="Support sessions"
        columns={columns}
        path={paths.allSupport}
        choices={choices}
        files={files}
        every={10_000}
        rowId={({ lsid }) => lsid}
        rowHref={({ lsid }) => `/login/support-sessions/${lsid}`}
        searchLabel="Search names, tickets, attributes"
        empty={
          <EmptyState
            title="There was no support session yet"
            actions={
              <Button component="a" href="/console/support">
                To remote support
              </Button>
            }
          >
            Make a session key in the console and tell it to a customer, who enters it at the address of this site.
          </EmptyState>
        }
      />
    </Page>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<ReportedSession>[] = [
  {
    ...{ ...plain, name: 'customer', title: 'Customer', width: 170 },
    cell: ({ customer }) => customer || 'Nobody came yet',
  },
  { ...plain, name: 'company', title: 'Company', width: 140, shown: false },
  { ...plain, name: 'state', title: 'State', width: 90, cell: (session) => <SupportTag session={session} /> },
  {
    ...{ ...plain, name: 'representatives', title: 'Representatives', width: 180 },
    cell: ({ representatives }) => representatives.join(', ') || '—',
  },
  { ...plain, name: 'queue', title: 'Queue', width: 140, cell: ({ queueName }) => queueName },
  { ...plain, name: 'issue', title: 'Issue', width: 120, shown: false },
  { ...plain, name: 'externalKey', title: 'Ticket', width: 110 },
  {
    ...{ ...plain, name: 'beganAt', title: 'Began', width: 120 },
    cell: ({ beganAt }) => <RelativeTime at={beganAt} />,
  },
  { ...plain, name: 'took', title: 'Took', width: 100, cell: tookOf },
  {
    ...{ ...plain, name: 'held', title: 'Hold', width: 80 },
    cell: ({ held }) => (held ? <Tag tone="medium">Kept</Tag> : '—'),
  },
];
