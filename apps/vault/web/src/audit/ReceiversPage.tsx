import { EmptyState, Page, type TableColumn, Tag, useCrumbs } from '@gatehouse/ui';
import { IconBroadcast } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Receiver } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { beginField, healthTitles, receiverFields } from './receiver-fields.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Receiver>[] = [
  { ...plain, name: 'name', title: 'Receiver', width: 200 },
  {
    ...{ ...plain, name: 'place', title: 'Where', width: 260 },
    cell: ({ transport, host, port }) => `${transport}://${host}:${port}`,
  },
  {
    ...{ ...plain, name: 'health', title: 'Health', width: 160 },
    cell: ({ health }) => <Tag tone={tones[health]}>{healthTitles[health]}</Tag>,
  },
  { name: 'behind', title: 'Entries to come', type: 'number', sort: false, filter: false },
  { name: 'acknowledgedAt', title: 'Last sent', type: 'time', sort: false, filter: false },
  { ...plain, name: 'advice', title: 'What to do', width: 320 },
];
const tones = { connected: 'good', failed: 'critical', waiting: 'quiet', paused: 'quiet' } as const;

/** Where every entry of the audit is sent on to. */
export function ReceiversPage() {
  useCrumbs({ title: 'Audit', href: '/audit' }, { title: 'Receivers' });
  const { history } = useRouter();
  const [isAdding, setAdding] = useState(false);
  const add = <AddButton onClick={() => setAdding(true)}>Add receiver</AddButton>;
  return (
    <Page
      title="Receivers of the audit"
      lead="Every entry is sent on by syslog, in order. One that is away gets what it missed when it is back."
      actions={add}
    >
      <ServerList<Receiver>
        id="receivers"
        label="Receivers of the audit"
        columns={columns}
        path={paths.receivers}
        every={5_000}
        rowId={({ receiverId }) => receiverId}
        rowHref={({ receiverId }) => `/audit/receivers/${receiverId}`}
        empty={
          <EmptyState icon={<IconBroadcast size={28} stroke={1.5} />} title="No receiver yet" actions={add}>
            Add your SIEM or log server. What was sent elsewhere shows later whether something was cut off here.
          </EmptyState>
        }
      />
      <FormDialog<Receiver>
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="Add receiver"
        fields={[...receiverFields, beginField]}
        start={{ transport: 'tls', port: 6_514, format: 'syslog', enabled: true, begin: 'now' }}
        method="POST"
        path="/api/audit/receivers"
        action="Add receiver"
        done="Receiver added. Send it a test message."
        refresh={['/api/audit/receivers']}
        onDone={({ receiverId }) => history.push(`/audit/receivers/${receiverId}`)}
      />
    </Page>
  );
}
