import {
  ConfirmDialog,
  DataTable,
  EmptyState,
  ErrorState,
  Facts,
  Loaded,
  Page,
  Problem,
  Section,
  SeverityBadge,
  send,
  type TableColumn,
  Tag,
  toast,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Modal } from '@mantine/core';
import { IconPencil, IconSend, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { listQuery, useGo, useParam, useTableView, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Delivery, Webhook } from '../api/types.ts';
import { events, WebhookForm } from './WebhookForm.tsx';

/** One webhook and what was delivered to it. */
export function WebhookPage() {
  const tenantId = useTenantId();
  const webhookId = useParam('webhookId');
  const webhooks = useApi(paths.webhooks(tenantId));
  const webhook = webhooks.data?.find((one) => one.webhookId === webhookId);
  useCrumbs({ title: 'Webhooks', href: `${pages.dashboard(tenantId)}/webhooks` }, { title: webhook?.name ?? '…' });
  return (
    <Loaded query={webhooks} rows={4} height={60}>
      {() =>
        webhook === undefined ? (
          <ErrorState error={new Problem(404, 'Not found')} />
        ) : (
          <Detail key={webhookId} tenantId={tenantId} webhook={webhook} />
        )
      }
    </Loaded>
  );
}

function Detail({ tenantId, webhook }: { tenantId: string; webhook: Webhook }) {
  const { webhookId, name, url, minimumSeverity, enabled } = webhook;
  const told = events.filter(({ value }) => webhook.events.includes(value)).map(({ label }) => label);
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const refresh = useRefresh();
  const go = useGo();
  const path = `${paths.webhooks(tenantId)}/${webhookId}`;
  const test = useMutation({
    mutationFn: () => send<Delivery>('POST', `${path}/test`, {}),
    onSuccess: ({ ok, status, error }) => {
      void refresh(paths.webhooks(tenantId));
      if (ok) toast.done(`Delivered: the receiver answered ${status ?? ''}.`);
      else
        toast.failed(
          new Problem(0, 'The test was not delivered', error ?? `The receiver answered ${status ?? 'nothing'}.`),
        );
    },
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: () => send('DELETE', path),
    onSuccess: async () => {
      go(`${pages.dashboard(tenantId)}/webhooks`);
      await refresh(paths.webhooks(tenantId));
      toast.done(`${name} was deleted.`);
    },
    onError: toast.failed,
  });
  return (
    <Page
      title={name}
      aside={<Tag tone={enabled ? 'good' : 'quiet'}>{enabled ? 'On' : 'Off'}</Tag>}
      lead={url}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconSend size={16} />}
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            Send a test
          </Button>
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setDialog('edit')}>
            Change
          </Button>
          <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setDialog('delete')}>
            Delete…
          </Button>
        </>
      }
    >
      <Section title="Settings">
        <Facts
          facts={[
            { title: 'Tells when', value: told.join(', ') },
            { title: 'Findings from severity', value: <SeverityBadge severity={minimumSeverity} /> },
            { title: 'Signing secret', value: 'Set. It is never shown again.' },
          ]}
        />
      </Section>
      <Deliveries tenantId={tenantId} webhookId={webhookId} />
      <Modal opened={dialog === 'edit'} onClose={() => setDialog(null)} title="Change webhook" size="lg">
        <WebhookForm tenantId={tenantId} webhook={webhook} onClose={() => setDialog(null)} />
      </Modal>
      <ConfirmDialog
        opened={dialog === 'delete'}
        title={`Delete ${name}?`}
        action="Delete webhook"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setDialog(null)}
      >
        Nothing is sent to it any more, what waits to be sent again included. Its list of deliveries is deleted.
      </ConfirmDialog>
    </Page>
  );
}

const eventWords = (event: string) =>
  event === 'test' ? 'A test' : (events.find(({ value }) => value === event)?.label ?? event);

const columns: readonly TableColumn<Delivery>[] = [
  { name: 'at', title: 'When', type: 'time', width: 150, filter: false },
  {
    name: 'event',
    title: 'Event',
    type: 'text',
    width: 220,
    filter: false,
    cell: ({ event }) => <span title={event}>{eventWords(event)}</span>,
  },
  {
    name: 'ok',
    title: 'Result',
    type: 'text',
    width: 120,
    filter: false,
    cell: ({ ok }) => <Tag tone={ok ? 'good' : 'critical'}>{ok ? 'Delivered' : 'Failed'}</Tag>,
  },
  { name: 'status', title: 'Status', type: 'number', width: 90, filter: false },
  { name: 'attempt', title: 'Attempt', type: 'number', width: 90, filter: false },
  { name: 'error', title: 'Error', type: 'text', width: 300, filter: false },
  { name: 'nextAttemptAt', title: 'Next attempt', type: 'time', width: 150, filter: false },
];

function Deliveries({ tenantId, webhookId }: { tenantId: string; webhookId: string }) {
  const [view, setView] = useTableView();
  const list = useApi(paths.deliveries(tenantId, webhookId, listQuery(view)), { keep: true, every: 15_000 });
  return (
    <Section title="Deliveries">
      <DataTable<Delivery>
        id="deliveries"
        label="Deliveries"
        columns={columns}
        view={view}
        onView={setView}
        page={list.data}
        error={list.error}
        isStale={list.isPlaceholderData}
        onRetry={() => void list.refetch()}
        rowId={({ deliveryId }) => deliveryId}
        empty={
          <EmptyState title="Nothing was sent yet">Send a test to see whether the receiver understands it.</EmptyState>
        }
      />
    </Section>
  );
}
