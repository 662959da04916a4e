import {
  DataTable,
  EmptyState,
  ErrorState,
  Facts,
  formatTime,
  JsonView,
  type NamedView,
  Page,
  Problem,
  type TableColumn,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, Modal, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { auditActions } from '../../../src/api/audit.ts';
import { listQuery, useTableView, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { AuditEntry } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import classes from './audit.module.css';

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
  const exportHref = (shown: readonly string[]) => {
    const asked = listQuery({ ...view, cursor: null });
    asked.set('columns', shown.join(','));
    return `${paths.audit(tenantId)}/export.csv?${asked}`;
  };
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
        searchLabel="Search the audit log"
        exportHref={exportHref}
        presets={presets}
        empty={<EmptyState title="Nothing was changed yet" />}
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened && wordsOf(opened)} size="lg">
        {opened === null ? null : <Entry entry={opened} />}
      </Modal>
    </Page>
  );
}

const wordsOf = ({ action }: AuditEntry) => auditActions[action] ?? action;

const presets: readonly NamedView[] = [
  ['The last 7 days', 'at:gt:-7d'],
  ['Connectors', 'action:in:connection.create|connection.change|connection.delete'],
  ['People and settings', 'action:in:person.add|person.change|person.remove|tenant.change'],
  ['Exports', 'action:in:inventory.export|audit.export'],
].map(([name = '', filter = '']) => ({ name, query: new URLSearchParams({ filter }).toString() }));

const columnsOf = (open: (entry: AuditEntry) => void): readonly TableColumn<AuditEntry>[] => [
  { name: 'at', title: 'When', type: 'time', width: 140 },
  { name: 'actor', title: 'Who', type: 'text', width: 230 },
  {
    name: 'action',
    title: 'What',
    type: 'text',
    width: 330,
    values: Object.keys(auditActions),
    label: (action) => auditActions[action] ?? action,
    cell: (entry) => <Action entry={entry} />,
  },
  { name: 'target', title: 'On', type: 'text', width: 270 },
  {
    name: 'change',
    title: 'Change',
    type: 'json',
    width: 90,
    filter: false,
    cell: (entry) => (
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => open(entry)}
        aria-label={`Show the change: ${wordsOf(entry)}, ${entry.target}`}
      >
        Show
      </Button>
    ),
  },
  { name: 'correlationId', title: 'Correlation id', type: 'text', width: 290, shown: false },
];

function Action({ entry }: { entry: AuditEntry }) {
  return (
    <span title={`${wordsOf(entry)} (${entry.action})`}>
      {wordsOf(entry)} <code className={classes.code}>{entry.action}</code>
    </span>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { at, actor, target, correlationId, change } = entry;
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { title: 'When', value: formatTime(new Date(at)) },
          { title: 'Who', value: actor },
          { title: 'What', value: <Action entry={entry} /> },
          { title: 'On', value: target },
          { title: 'Correlation id', value: correlationId },
        ]}
      />
      {Object.keys(change).length === 0 ? null : <JsonView value={change} label="What changed" />}
    </Stack>
  );
}
