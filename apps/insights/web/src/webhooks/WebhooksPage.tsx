import {
  EmptyState,
  ErrorState,
  Loaded,
  Page,
  Problem,
  RelativeTime,
  SeverityBadge,
  Tag,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, Modal, Paper, Table } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Webhook } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { WebhookForm } from './WebhookForm.tsx';

/** Where news of this tenant is sent. */
export function WebhooksPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Webhooks' });
  const isAdministrator = useMay('administrator');
  const webhooks = useApi(paths.webhooks(tenantId), { enabled: isAdministrator });
  const [isAdding, setAdding] = useState(false);
  if (!isAdministrator)
    return (
      <ErrorState
        error={new Problem(403, 'Not allowed', 'Only an administrator of this tenant can see its webhooks.')}
      />
    );
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      New webhook
    </Button>
  );
  return (
    <Page title="Webhooks" lead="Findings and changes of health, sent to an address of yours, signed." actions={add}>
      <Loaded query={webhooks} rows={3} height={44}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<IconWebhook size={28} stroke={1.5} />} title="No webhook yet" actions={add}>
              A webhook tells another system at once when a finding opens or is resolved, or when a connector fails.
            </EmptyState>
          ) : (
            <Paper style={{ overflowX: 'auto' }}>
              <Table fz="sm" aria-label="Webhooks" horizontalSpacing="md" verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Address</Table.Th>
                    <Table.Th>From severity</Table.Th>
                    <Table.Th>Status</Table.Th>
                    <Table.Th>Last delivery</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((webhook) => (
                    <Row key={webhook.webhookId} tenantId={tenantId} webhook={webhook} />
                  ))}
                </Table.Tbody>
              </Table>
            </Paper>
          )
        }
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="New webhook" size="lg">
        <WebhookForm tenantId={tenantId} onClose={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

function Row({ tenantId, webhook }: { tenantId: string; webhook: Webhook }) {
  const { webhookId, name, url, minimumSeverity, enabled, lastDelivery } = webhook;
  return (
    <Table.Tr>
      <Table.Td fw={550}>
        <a href={`${pages.dashboard(tenantId)}/webhooks/${webhookId}`}>{name}</a>
      </Table.Td>
      <Table.Td maw={360} title={url} style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
        {url}
      </Table.Td>
      <Table.Td>
        <SeverityBadge severity={minimumSeverity} />
      </Table.Td>
      <Table.Td>{enabled ? 'On' : 'Off'}</Table.Td>
      <Table.Td>
        {lastDelivery === null ? (
          'None yet'
        ) : (
          <>
            <Tag tone={lastDelivery.ok ? 'good' : 'critical'}>{lastDelivery.ok ? 'Delivered' : 'Failed'}</Tag>{' '}
            <RelativeTime at={lastDelivery.at} />
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
