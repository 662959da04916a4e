import { formatNumber, Loaded, Notice, Page, RelativeTime, type TableColumn, useApi, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type Item, paths } from '../api/paths.ts';
import { outboundRecipients } from '../objects/kinds.ts';
import { NothingYet, ObjectTable } from '../objects/ObjectTable.tsx';
import { StatusTag } from './words.tsx';

const add = (
  <Button component="a" href={`${outboundRecipients.page}/new`} leftSection={<IconPlus size={16} />}>
    Add recipient
  </Button>
);

/** Management > Outbound events: who is told of support sessions, and whether it arrives. */
export function OutboundPage() {
  useCrumbs({ title: 'Outbound events' });
  return (
    <Page title="Outbound events" lead={outboundRecipients.lead} actions={add}>
      <OutboundAdvice />
      <ObjectTable
        kind={outboundRecipients}
        more={columns}
        empty={
          <NothingYet kind={outboundRecipients} add={add}>
            A service desk or another program is told as soon as a support session begins, changes hands or ends. Add
            the address where it takes events, and send it a test.
          </NothingYet>
        }
      />
    </Page>
  );
}

/** What there is to do, where something is. */
function OutboundAdvice() {
  const status = useApi(paths.status, { every: 15_000 });
  return (
    <Loaded query={status} rows={1}>
      {({ outboundEvents: { advice, failing } }) =>
        advice === null ? null : <Notice tone={failing > 0 ? 'critical' : 'medium'}>{advice}</Notice>
      }
    </Loaded>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Item>[] = [
  { ...plain, name: 'status', title: 'Status', width: 110, cell: (row) => <StatusTag recipient={row} /> },
  { ...plain, name: 'url', title: 'URL', width: 300 },
  {
    ...{ ...plain, name: 'queued', title: 'Waiting', width: 100 },
    cell: ({ queued }) => formatNumber(Number(queued ?? 0)),
  },
  {
    ...{ ...plain, name: 'failing_since', title: 'Failing since', width: 140 },
    cell: ({ failing_since: since }) => (typeof since === 'string' ? <RelativeTime at={since} /> : '—'),
  },
  { ...plain, name: 'last_error', title: 'Last error', width: 320 },
];
