import {
  Facts,
  FindingStateBadge,
  Loaded,
  Page,
  PrivilegeBadge,
  RelativeTime,
  Section,
  SeverityBadge,
  Timeline,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, Table } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useParam, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { FindingChange, FindingDetail } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { linkHref } from '../inventory/links.ts';
import classes from './findings.module.css';
import { Mitre, Remediation, Why } from './RuleWords.tsx';
import { StatusDialog } from './StatusDialog.tsx';

/** One finding: the facts that made it true, why it matters, what to do, and what was decided. */
export function FindingPage() {
  const tenantId = useTenantId();
  const finding = useApi(paths.finding(tenantId, useParam('findingId')));
  const data = finding.data;
  useCrumbs(
    { title: 'Recommendations', href: pages.recommendations(tenantId) },
    ...(data === undefined ? [] : [{ title: data.title, href: pages.recommendation(tenantId, data.ruleId) }]),
    { title: data?.subject.label ?? '…' },
  );
  return (
    <Loaded query={finding} rows={6} height={60}>
      {(found) => <Detail tenantId={tenantId} finding={found} />}
    </Loaded>
  );
}

function Detail({ tenantId, finding }: { tenantId: string; finding: FindingDetail }) {
  const [changing, setChanging] = useState<FindingChange['status'] | null>(null);
  const mayChange = useMay('analyst');
  const { title, subject, summary, severity, sensitivity, status, evidence, why, remediation, mitre, history } =
    finding;
  return (
    <Page
      title={title}
      lead={summary}
      aside={
        <>
          <SeverityBadge severity={severity} />
          <FindingStateBadge state={status} />
        </>
      }
      actions={
        mayChange ? (
          <>
            {status === 'accepted' ? null : (
              <Button variant="default" onClick={() => setChanging('accepted')}>
                Accept the risk…
              </Button>
            )}
            <Button onClick={() => setChanging(status === 'in_progress' ? 'new' : 'in_progress')}>
              Change status…
            </Button>
          </>
        ) : null
      }
    >
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Section title="Evidence" lead="The facts that made this true, and when they were read." flush>
            <div className={classes.scroll}>
              <Table className={classes.table ?? ''} aria-label="Evidence" horizontalSpacing="md">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Fact</Table.Th>
                    <Table.Th>Value</Table.Th>
                    <Table.Th>Read</Table.Th>
                    <Table.Th>Source</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {evidence.map(({ fact, value, readAt, source }) => (
                    <Table.Tr key={`${fact}:${value}`}>
                      <Table.Td>{fact}</Table.Td>
                      <Table.Td style={{ overflowWrap: 'anywhere', fontWeight: 550 }}>{value}</Table.Td>
                      <Table.Td style={{ whiteSpace: 'nowrap' }}>
                        <RelativeTime at={readAt} />
                      </Table.Td>
                      <Table.Td>
                        {source === null ? '—' : <a href={linkHref(tenantId, source)}>{source.label}</a>}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          </Section>
          <Why why={why} />
          <Remediation steps={remediation} />
        </div>
        <div className={classes.stack}>
          <Section title="About">
            <Facts
              narrow
              facts={[
                { title: 'Subject', value: <a href={linkHref(tenantId, subject)}>{subject.label}</a> },
                { title: 'Connector', value: finding.connectionName },
                { title: 'Sensitivity', value: <PrivilegeBadge privilege={sensitivity} /> },
                { title: 'First seen', value: <RelativeTime at={finding.firstSeenAt} /> },
                { title: 'Last seen', value: <RelativeTime at={finding.lastSeenAt} /> },
                ...(finding.resolvedAt === null
                  ? []
                  : [{ title: 'Resolved', value: <RelativeTime at={finding.resolvedAt} /> }]),
                ...(finding.owner === null ? [] : [{ title: 'Owner', value: finding.owner }]),
                ...(finding.acceptedUntil === null
                  ? []
                  : [{ title: 'Accepted until', value: <RelativeTime at={finding.acceptedUntil} /> }]),
                ...(finding.acceptedReason === null ? [] : [{ title: 'Reason', value: finding.acceptedReason }]),
              ]}
            />
          </Section>
          <Mitre mitre={mitre} />
          <Section title="History">
            <Timeline
              label="History of this finding"
              entries={history.map(({ at, by, text }, position) => ({
                id: `${at}:${position}`,
                at,
                icon: <IconMessage size={14} />,
                tone: 'quiet',
                title: text,
                note: by,
              }))}
            />
          </Section>
        </div>
      </div>
      <StatusDialog
        tenantId={tenantId}
        findingIds={[finding.findingId]}
        opened={changing !== null}
        {...(changing === null ? {} : { status: changing })}
        onClose={() => setChanging(null)}
      />
    </Page>
  );
}
