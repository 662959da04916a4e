import {
  EmptyState,
  Facts,
  formatNumber,
  formatTime,
  Loaded,
  Notice,
  Page,
  RelativeTime,
  Section,
  Tag,
  useApi,
  useCrumbs,
  usePerson,
} from '@gatehouse/ui';
import { Table } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Navigate } from '@tanstack/react-router';
import type { z } from 'zod';
import type { Status } from '../../../src/api/site.ts';
import { paths } from '../api/paths.ts';

type Known = z.output<typeof Status>;

/** Of administrators; everybody else has the console. */
export function FirstPage() {
  return usePerson().systemAdministrator ? <StatusPage /> : <Navigate to="/console" replace />;
}

/** Status > Information. */
function StatusPage() {
  useCrumbs({ title: 'Information' });
  const status = useApi(paths.status, { every: 15_000 });
  return (
    <Page title="Information" lead="What this site is, how it is, and what is connected to it.">
      <Loaded query={status} rows={5}>
        {(found) => (
          <>
            {found.outboundEvents.advice === null ? null : (
              <Notice tone={found.outboundEvents.failing > 0 ? 'critical' : 'medium'} title="Outbound events">
                {found.outboundEvents.advice}{' '}
                {found.outboundEvents.failing > 0 ? (
                  <a href="/login/outbound-events">Look after recipients</a>
                ) : (
                  <a href="/login/mail">Look at mail</a>
                )}
              </Notice>
            )}
            <Section title="Site">
              <Facts narrow facts={factsOf(found)} />
            </Section>
            <Section title="Content">
              <Facts
                narrow
                facts={[
                  { title: 'Users', value: <a href="/login/users">{formatNumber(found.counts.users)}</a> },
                  {
                    title: 'Group policies',
                    value: <a href="/login/group-policies">{formatNumber(found.counts.groupPolicies)}</a>,
                  },
                  {
                    title: 'Jump groups',
                    value: <a href="/login/jump-groups">{formatNumber(found.counts.jumpGroups)}</a>,
                  },
                  { title: 'Jump items', value: formatNumber(found.counts.jumpItems) },
                  { title: 'API accounts', value: <a href="/login/api">{formatNumber(found.counts.apiAccounts)}</a> },
                ]}
              />
            </Section>
            <Section title="ECM Clients" flush>
              <EcmClients clients={found.ecmClients} />
              <EcmRefusals refused={found.ecmRefused} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const factsOf = ({ version, startedAt, now, healthy, parts, outboundEvents }: Known) => [
  {
    title: 'Health',
    value: healthy ? (
      <Tag tone="good">Healthy</Tag>
    ) : (
      <Tag tone="critical">
        {parts
          .filter(({ ready }) => !ready)
          .map(({ part }) => part)
          .join(', ')}{' '}
        does not answer
      </Tag>
    ),
  },
  { title: 'Version', value: version },
  { title: 'Running since', value: <RelativeTime at={startedAt} /> },
  {
    title: 'Outbound events that wait',
    value: <a href="/login/outbound-events">{formatNumber(outboundEvents.queued)}</a>,
  },
  { title: 'Time of the site', value: formatTime(new Date(now)) },
];

function EcmClients({ clients }: { clients: Known['ecmClients'] }) {
  if (clients.length === 0)
    return (
      <EmptyState icon={<IconPlugConnectedX size={28} stroke={1.5} />} title="No ECM is connected">
        An ECM connects with an API account that may use the Endpoint Credential Manager API. Without one, sessions ask
        for a password.
      </EmptyState>
    );
  return (
    <div style={{ overflowX: 'auto' }}>
      <Table fz="sm" aria-label="ECM Clients" horizontalSpacing="md" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Plugin</Table.Th>
            <Table.Th>Address</Table.Th>
            <Table.Th>Connected</Table.Th>
            <Table.Th>Requests</Table.Th>
            <Table.Th>Last error</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clients.map((client) => (
            <Table.Tr key={`${client.name} ${client.address} ${client.connectedAt}`}>
              <Table.Td>{client.name}</Table.Td>
              <Table.Td>{client.version}</Table.Td>
              <Table.Td>{client.plugin ?? 'None'}</Table.Td>
              <Table.Td>{client.address}</Table.Td>
              <Table.Td>
                <RelativeTime at={client.connectedAt} />
              </Table.Td>
              <Table.Td>{formatNumber(client.requests)}</Table.Td>
              <Table.Td>{client.lastError ?? 'None'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function EcmRefusals({ refused }: { refused: Known['ecmRefused'] }) {
  if (refused.length === 0) return null;
  return (
    <div style={{ overflowX: 'auto' }}>
      <Table fz="sm" aria-label="ECMs that were refused" horizontalSpacing="md" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Refused</Table.Th>
            <Table.Th>API account</Table.Th>
            <Table.Th>Address</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refused.map(({ at, account, address, reason }) => (
            <Table.Tr key={`${at} ${account} ${address}`}>
              <Table.Td>
                <RelativeTime at={at} />
              </Table.Td>
              <Table.Td>{account}</Table.Td>
              <Table.Td>{address}</Table.Td>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
