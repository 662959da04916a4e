import {
  EmptyState,
  formatNumber,
  type ListChoice,
  Loaded,
  Page,
  ServerList,
  type TableColumn,
  toast,
  useApi,
  useCrumbs,
  useParam,
  useSend,
  wordsOf,
} from '@gatehouse/ui';
import { Anchor, Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { type Delivery, type Item, paths } from '../api/paths.ts';
import { outboundRecipients } from '../objects/kinds.ts';
import { QueueState, RecipientTabs } from './RecipientPage.tsx';
import { ReplaySince } from './ReplaySince.tsx';
import { noSession, StateTag, stateWords } from './words.tsx';

/** What was sent to one recipient and what waits, for thirty days. */
export function DeliveriesPage() {
  const id = useParam('id');
  const recipient = useApi(paths.recipient(Number(id)), { every: 10_000 });
  const name = String(recipient.data?.name ?? '');
  useCrumbs(
    { title: 'Outbound events', href: outboundRecipients.page },
    { title: name || 'Recipient', href: `${outboundRecipients.page}/${id}` },
    { title: 'Deliveries' },
  );
  return (
    <Loaded query={recipient} rows={4} height={60}>
      {(found) => (
        <Page
          title={`Deliveries to ${name}`}
          lead="What was sent and what waits, newest first. What is done is forgotten after thirty days."
          actions={<ReplaySince recipient={found} />}
        >
          <RecipientTabs id={id} isDeliveries />
          <QueueState recipient={found} />
          <DeliveryTable recipient={found} />
        </Page>
      )}
    </Loaded>
  );
}

const choices: readonly ListChoice[] = [
  {
    ...{ name: 'state', title: 'State' },
    values: Object.entries(stateWords).map(([value, label]) => ({ value, label })),
  },
];

export const toldOfReplay = ({ queued }: { readonly queued: number }) =>
  toast.done(queued === 1 ? 'One event is sent again.' : `${formatNumber(queued)} events are sent again.`);

function DeliveryTable({ recipient }: { recipient: Item }) {
  const path = `${paths.recipient(Number(recipient.id))}/deliveries`;
  const replay = useSend<{ readonly queued: number }>({ refresh: [outboundRecipients.api], onDone: toldOfReplay });
  const { mutate } = replay;
  const columns = useMemo(
    () => columnsOf((deliveryId) => mutate({ method: 'POST', path: `${path}/${deliveryId}/replay`, body: {} })),
    [mutate, path],
  );
  return (
    <ServerList<Delivery>
      id="site.outbound-deliveries"
      label="Deliveries"
      columns={columns}
      path={(query) => paths.deliveries(Number(recipient.id), query)}
      choices={choices}
      rowId={({ deliveryId }) => deliveryId}
      searchLabel="Search deliveries"
      every={10_000}
      empty={
        <EmptyState title="Nothing was sent yet">
          Send a test, or wait for the next support session: events of the kinds that were chosen stand here.
        </EmptyState>
      }
    />
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columnsOf = (replay: (deliveryId: string) => void): readonly TableColumn<Delivery>[] => [
  { name: 'at', title: 'Happened', type: 'time', sort: false, filter: false, width: 120 },
  { ...plain, name: 'event', title: 'Event', width: 240, cell: eventWords },
  { ...plain, name: 'state', title: 'State', width: 100, cell: ({ state }) => <StateTag state={state} /> },
  {
    ...{ ...plain, name: 'lsid', title: 'Session', width: 105 },
    cell: ({ lsid }) =>
      lsid === noSession ? (
        '—'
      ) : (
        <Anchor fz="sm" href={`/login/support-sessions/${lsid}`} title={lsid}>
          {lsid.slice(0, 8)}…
        </Anchor>
      ),
  },
  { name: 'triedAt', title: 'Last try', type: 'time', sort: false, filter: false, width: 120, shown: false },
  { name: 'tries', title: 'Tries', type: 'number', sort: false, filter: false, width: 70 },
  { ...plain, name: 'status', title: 'Answer', width: 80, cell: ({ status }) => status ?? '—' },
  {
    ...{ ...plain, name: 'replay', title: 'Replay', width: 100 },
    cell: (delivery) =>
      delivery.state === 'queued' || delivery.isTest ? null : (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRepeat size={14} />}
          aria-label={`Send again: ${wordsOf(delivery.event)} of ${delivery.lsid.slice(0, 8)}`}
          onClick={() => replay(delivery.deliveryId)}
        >
          Again
        </Button>
      ),
  },
  { ...plain, name: 'error', title: 'Error', width: 250 },
];

const eventWords = ({ event, isTest, replayOf }: Delivery) =>
  `${isTest ? 'Test' : wordsOf(event)}${replayOf === null ? '' : ' (replay)'}`;
