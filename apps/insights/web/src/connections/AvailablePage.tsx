import { count, EmptyState, Loaded, Page, SearchBox, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Paper, SimpleGrid, Text } from '@mantine/core';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import { useMay } from '../frame/tenant.ts';
import { ConnectorMark } from './ConnectorMark.tsx';
import { ConnectorsTabs } from './ConnectorsTabs.tsx';
import classes from './connections.module.css';

/** What can be connected. Several connectors of one type may stand in one tenant. */
export function AvailablePage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Connectors', href: pages.connections(tenantId) }, { title: 'Available' });
  const mayChange = useMay('administrator');
  const available = useApi(paths.connectors);
  const configured = useApi(paths.connections(tenantId));
  const [search, setSearch] = useState('');
  return (
    <Page title="Connectors" lead="Each reads with access that you create in the system, and can take away there.">
      <ConnectorsTabs tenantId={tenantId} current="available" />
      <Group>
        <SearchBox label="Search connectors" value={search} onSearch={setSearch} />
      </Group>
      <Loaded query={available} rows={2} height={150}>
        {(all) => {
          const found = all.filter(({ name, summary }) =>
            `${name} ${summary}`.toLowerCase().includes(search.toLowerCase()),
          );
          if (found.length === 0) return <EmptyState title="Nothing matches">Change the search.</EmptyState>;
          return (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
              {found.map(({ id, name, summary }) => {
                const there = configured.data?.filter(({ connector }) => connector === id).length ?? 0;
                return (
                  <Paper key={id} className={classes.card ?? ''}>
                    <div className={classes.cardHead}>
                      <ConnectorMark connector={id} name={name} size={40} />
                      <Text fw={600} size="lg" component="h2">
                        {name}
                      </Text>
                    </div>
                    <Text size="sm" c="dimmed">
                      {summary}
                    </Text>
                    <div className={classes.cardFoot}>
                      <Text size="sm" c="dimmed">
                        {there === 0 ? ' ' : `${count(there, 'connector')} configured`}
                      </Text>
                      {mayChange ? (
                        <Button
                          component="a"
                          href={pages.newConnection(tenantId, id)}
                          variant="default"
                          aria-label={`Create connector: ${name}`}
                        >
                          Create connector
                        </Button>
                      ) : null}
                    </div>
                  </Paper>
                );
              })}
            </SimpleGrid>
          );
        }}
      </Loaded>
    </Page>
  );
}
