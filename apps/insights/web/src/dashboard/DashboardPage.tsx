import {
  formatNumber,
  HealthBadge,
  Loaded,
  Page,
  PrivilegeBadge,
  RelativeTime,
  Section,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Skeleton, Table, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Dashboard } from '../api/types.ts';
import classes from './DashboardPage.module.css';
import { FirstSteps } from './FirstSteps.tsx';
import { Tiles } from './Tiles.tsx';

const SeverityChart = lazy(() =>
  import('./SeverityChart.tsx').then(({ SeverityChart }) => ({ default: SeverityChart })),
);

/** How the organisation is doing; every number leads to the list behind it. */
export function DashboardPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Dashboard' });
  const dashboard = useApi(paths.dashboard(tenantId), { every: 60_000 });
  return (
    <Page title="Dashboard">
      <Loaded query={dashboard} rows={5} height={96}>
        {(data) =>
          data.connections.length === 0 ? <FirstSteps tenantId={tenantId} /> : <Board tenantId={tenantId} data={data} />
        }
      </Loaded>
    </Page>
  );
}

function Board({ tenantId, data }: { tenantId: string; data: Dashboard }) {
  return (
    <>
      <Tiles data={data} />
      <div className={classes.wide}>
        <Section
          title="Open findings over time"
          actions={<a href={pages.recommendations(tenantId)}>Recommendations</a>}
        >
          {data.findingsOverTime.length === 0 ? (
            <Text c="dimmed">The first day will show here once the rules have run.</Text>
          ) : (
            <Suspense fallback={<Skeleton height={248} />}>
              <SeverityChart days={data.findingsOverTime} />
            </Suspense>
          )}
        </Section>
        <Section title="Connectors" actions={<a href={pages.connections(tenantId)}>All connectors</a>} flush>
          <ul className={classes.lines} aria-label="Connectors">
            {data.connections.map(({ connectionId, name, connectorName, connectivity, lastUpdateAt, href }) => (
              <li key={connectionId}>
                <span className={classes.grow}>
                  <a href={href} className={classes.name} title={name}>
                    {name}
                  </a>
                  <span>
                    {connectorName} · updated <RelativeTime at={lastUpdateAt} none="never" />
                  </span>
                </span>
                <HealthBadge
                  health={connectivity}
                  href={
                    connectivity === 'failed' || connectivity === 'warning'
                      ? pages.activity(tenantId, connectionId)
                      : undefined
                  }
                />
              </li>
            ))}
          </ul>
        </Section>
      </div>
      <div className={classes.halves}>
        <Section title="Identities to look at first" lead="Most privilege, most open findings" flush>
          <TopIdentities data={data} />
        </Section>
        <Section title="Newest changes" flush>
          <ul className={classes.lines}>
            {data.changes.map((change) => (
              <li key={`${change.at}:${change.text}`}>
                <a href={change.href} title={change.text} className={classes.quiet}>
                  {change.text}
                </a>
                <span>
                  <RelativeTime at={change.at} />
                </span>
              </li>
            ))}
            {data.changes.length === 0 ? <li>Nothing has changed since the first read.</li> : null}
          </ul>
        </Section>
      </div>
    </>
  );
}

function TopIdentities({ data }: { data: Dashboard }) {
  if (data.topIdentities.length === 0)
    return (
      <Text c="dimmed" p="md" pt={4}>
        No identity holds privilege that we know of.
      </Text>
    );
  return (
    <div className={classes.scroll}>
      <Table className={classes.table ?? ''} aria-label="Identities to look at first">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Identity</Table.Th>
            <Table.Th>Privilege</Table.Th>
            <Table.Th className={classes.right}>Accounts</Table.Th>
            <Table.Th className={classes.right}>Findings</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.topIdentities.map(({ identityId, name, privilege, accounts, findings, href }) => (
            <Table.Tr key={identityId}>
              <Table.Td>
                <a href={href} className={classes.name} title={name}>
                  {name}
                </a>
              </Table.Td>
              <Table.Td>
                <PrivilegeBadge privilege={privilege} />
              </Table.Td>
              <Table.Td className={classes.right}>{formatNumber(accounts)}</Table.Td>
              <Table.Td className={classes.right}>{formatNumber(findings)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
