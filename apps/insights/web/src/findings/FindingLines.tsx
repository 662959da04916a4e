import { EmptyState, FindingStateBadge, SeverityBadge } from '@gatehouse/ui';
import { Table } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { pages } from '../../../src/api/pages.ts';
import type { RecordDetail } from '../api/types.ts';

/** The findings about one thing. */
export function FindingLines({ tenantId, findings }: { tenantId: string; findings: RecordDetail['findings'] }) {
  if (findings.length === 0)
    return (
      <EmptyState icon={<IconShieldCheck size={28} stroke={1.5} />} title="No findings">
        No rule that can see this has found anything.
      </EmptyState>
    );
  return (
    <Table fz="sm" horizontalSpacing="md" aria-label="Findings">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={130}>Severity</Table.Th>
          <Table.Th>Finding</Table.Th>
          <Table.Th w={150}>Status</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {findings.map(({ findingId, title, severity, status }) => (
          <Table.Tr key={findingId}>
            <Table.Td>
              <SeverityBadge severity={severity} />
            </Table.Td>
            <Table.Td>
              <a href={pages.finding(tenantId, findingId)}>{title}</a>
            </Table.Td>
            <Table.Td>
              <FindingStateBadge state={status} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
