import { DataTable, EmptyState, ErrorState, JsonView, Page, Problem, type TableColumn } from '@gatehouse/ui';
import { Button, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { listQuery, useTableView, useTenantId } from '../address.ts';
import { useApi } from '../api/client.ts';
import { paths } from '../api/paths.ts';
import type { AuditEntry } from '../api/types.ts';
import { useCrumbs } from '../frame/crumbs.tsx';
import { useMay } from '../frame/frame-context.ts';

/** Who changed what in this tenant. Written in the same transaction as the change, and never altered. */
export function AuditPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Audit log' });
  const [view, setView] = useTableView();
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const isAdministrator = useMay('administrator');
  const list = useApi(paths.audit(tenantId, listQuery(view)), { keep: true, enabled: isAdministrator });
  const columns = useMemo(() => columnsOf(setOpened), []);
  if (!isAdministrator)
    return (
      <ErrorState
        error={new Problem(403, 'Not allowed', 'Only an administrator of this tenant can see its audit log.')}
      />
    );
  return (
    <Page title="Audit log" lead="Who changed what, newest first. Secrets are never in it.">
      <DataTable<AuditEntry>
        id="audit"
        label="Audit log"
        columns={columns}
        view={view}
        onView={setView}
        page={list.data}
        error={list.error}
        isStale={list.isPlaceholderData}
        onRetry={() => void list.refetch()}
        rowId={({ id }) => id}
        empty={<EmptyState title="Nothing was changed yet" />}
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened?.action} size="lg">
        {opened === null ? null : <JsonView value={opened} label="Entry of the audit log" />}
      </Modal>
    </Page>
  );
}

const columnsOf = (open: (entry: AuditEntry) => void): readonly TableColumn<AuditEntry>[] => [
  { name: 'at', title: 'When', type: 'time', width: 150, filter: false },
  { name: 'actor', title: 'Who', type: 'text', width: 200, filter: false },
  { name: 'action', title: 'What', type: 'text', width: 210, filter: false },
  { name: 'target', title: 'On', type: 'text', width: 280, filter: false },
  {
    name: 'change',
    title: 'Change',
    type: 'json',
    width: 130,
    filter: false,
    cell: (entry) => (
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => open(entry)}
        aria-label={`Show the change: ${entry.action}`}
      >
        Show
      </Button>
    ),
  },
  { name: 'correlationId', title: 'Correlation id', type: 'text', width: 250, filter: false, shown: false },
];
