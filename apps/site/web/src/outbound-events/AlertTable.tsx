import { EmptyState, RelativeTime, ServerList, type TableColumn, Tag } from '@gatehouse/ui';
import { Button, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Alert, paths } from '../api/paths.ts';

/** Mails about recipients, sent or not. */
export function AlertTable() {
  const [opened, setOpened] = useState<Alert | null>(null);
  const columns = useMemo(() => columnsOf(setOpened), []);
  return (
    <>
      <ServerList<Alert>
        id="site.outbound-alerts"
        label="Alerts"
        columns={columns}
        path={paths.alerts}
        rowId={({ id }) => id}
        empty={
          <EmptyState title="No alert yet">
            Name alert addresses in a recipient, and whoever reads them is told when events to it are given up.
          </EmptyState>
        }
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened?.subject} size="lg">
        <p style={{ whiteSpace: 'pre-wrap', margin: 0, overflowWrap: 'anywhere' }}>{opened?.body}</p>
      </Modal>
    </>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columnsOf = (open: (alert: Alert) => void): readonly TableColumn<Alert>[] => [
  { name: 'at', title: 'When', type: 'time', sort: false, filter: false, width: 140 },
  {
    ...{ ...plain, name: 'subject', title: 'Alert', width: 380 },
    cell: (alert) => (
      <Button size="compact-sm" variant="subtle" onClick={() => open(alert)}>
        {alert.subject}
      </Button>
    ),
  },
  { ...plain, name: 'recipients', title: 'To', width: 260, cell: ({ recipients }) => recipients.join(', ') },
  {
    ...{ ...plain, name: 'sentAt', title: 'Mail', width: 150 },
    cell: ({ sentAt }) => (sentAt === null ? <Tag tone="medium">Not sent yet</Tag> : <RelativeTime at={sentAt} />),
  },
];
