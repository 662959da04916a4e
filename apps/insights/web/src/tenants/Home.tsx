import {
  count,
  EmptyState,
  formatNumber,
  HealthBadge,
  Loaded,
  Page,
  SearchBox,
  send,
  Tag,
  toProblem,
  useApi,
  useCrumbs,
  usePerson,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Group, Modal, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconBuildingPlus, IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useGo } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Tenant } from '../api/types.ts';
import { SeverityCounts } from '../findings/SeverityCounts.tsx';
import classes from './Home.module.css';

/** The home screen: every tenant this person has a role in. */
export function Home() {
  useCrumbs({ title: 'Tenants' });
  const { systemAdministrator } = usePerson();
  const tenants = useApi(paths.tenants, { every: 60_000 });
  const [search, setSearch] = useState('');
  const [isAdding, setAdding] = useState(false);
  const add = systemAdministrator ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      New tenant
    </Button>
  ) : null;
  return (
    <Page title="Tenants" lead="Each organisation you look after, and how it is doing." actions={add}>
      <Loaded query={tenants} rows={2} height={150}>
        {(all) => {
          const found = all.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
          return (
            <Stack gap="md">
              {all.length > 6 ? <SearchBox label="Find a tenant" value={search} onSearch={setSearch} /> : null}
              {all.length === 0 ? (
                <EmptyState icon={<IconBuildingPlus size={28} stroke={1.5} />} title="No tenant yet" actions={add}>
                  {systemAdministrator
                    ? 'A tenant holds one organisation: its connectors, its inventory, its findings and the people who may see them.'
                    : 'Nobody has given you access to a tenant yet. Ask an administrator to invite you.'}
                </EmptyState>
              ) : (
                <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
                  {found.map((tenant) => (
                    <TenantCard key={tenant.tenantId} tenant={tenant} />
                  ))}
                </SimpleGrid>
              )}
            </Stack>
          );
        }}
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="New tenant">
        <NewTenant onClose={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

function TenantCard({ tenant }: { tenant: Tenant }) {
  const { tenantId, name, role, connections, connectivity, findings, isSample } = tenant;
  const open = findings.critical + findings.high + findings.medium + findings.low;
  return (
    <Paper component="article" className={classes.card ?? ''}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <a href={pages.dashboard(tenantId)} className={classes.name} title={name}>
          {name}
        </a>
        {isSample ? <Tag tone="quiet">Sample</Tag> : null}
      </Group>
      <Text size="sm" c="dimmed">
        You are {role === 'reader' ? 'a reader' : `an ${role}`}
      </Text>
      <div className={classes.figures}>
        <div>
          <Text size="xs" c="dimmed">
            Open findings
          </Text>
          <Text fw={650} size="xl">
            {formatNumber(open)}
          </Text>
        </div>
        <div className={classes.severities}>
          <SeverityCounts findings={findings} />
        </div>
      </div>
      <Group justify="space-between" className={classes.foot ?? ''}>
        <Text size="sm">{count(connections, 'connector')}</Text>
        {connectivity === null ? <Tag tone="low">Connect a system</Tag> : <HealthBadge health={connectivity} />}
      </Group>
    </Paper>
  );
}

function NewTenant({ onClose }: { onClose(): void }) {
  const go = useGo();
  const refresh = useRefresh();
  const add = useMutation({
    mutationFn: (name: string) => send<Tenant>('POST', paths.tenants, { name }),
    onSuccess: async ({ tenantId }) => {
      await refresh(paths.tenants);
      onClose();
      go(pages.dashboard(tenantId));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(String(new FormData(event.currentTarget).get('name') ?? ''));
  };
  const problem = add.error === null ? null : toProblem(add.error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          name="name"
          label="Name"
          description="The organisation as people know it."
          required
          maxLength={120}
          data-autofocus
          error={problem === null ? null : (problem.fields.name ?? problem.message)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Create tenant
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
