import {
  DataTable,
  EmptyState,
  ErrorState,
  LoadingState,
  Page,
  Problem,
  type TableView,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import { IconArrowMerge, IconPlug } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { listQuery, useParam, useTableView, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { InventoryKind, InventoryRecord } from '../api/types.ts';
import { useMay, useTenant } from '../frame/tenant.ts';
import { MergeDialog } from '../identities/MergeDialog.tsx';
import { toColumns } from './columns.tsx';
import { presetsOf } from './presets.ts';

/** One list of the inventory: every kind the API names has this page. */
export function ListPage() {
  const kindName = useParam('kind');
  const kinds = useApi(paths.inventoryKinds);
  const kind = kinds.data?.find((one) => one.kind === kindName);
  useCrumbs({ title: kind?.title ?? '…' });
  if (kinds.data === undefined)
    return kinds.error === null ? (
      <LoadingState />
    ) : (
      <ErrorState error={kinds.error} onRetry={() => void kinds.refetch()} />
    );
  return kind === undefined ? (
    <ErrorState error={new Problem(404, 'Not found')} />
  ) : (
    <List key={kind.kind} kind={kind} />
  );
}

function List({ kind }: { kind: InventoryKind }) {
  const tenantId = useTenantId();
  const [view, setView] = useTableView();
  const query = listQuery(inOrder(kind, view));
  const list = useApi(paths.inventory(tenantId, kind.kind, query), { keep: true });
  const connections = useApi(paths.connections(tenantId));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isMerging, setMerging] = useState(false);
  const isIdentities = kind.kind === 'identities';
  const mayMerge = useMay('analyst') && isIdentities;
  const columns = useMemo(() => toColumns(kind, tenantId, connections.data ?? []), [kind, tenantId, connections.data]);
  const change = (next: TableView) => {
    setSelected(new Set());
    setView(next);
  };
  const exportHref = (shown: readonly string[]) => {
    const asked = listQuery({ ...inOrder(kind, view), cursor: null });
    asked.set('columns', shown.join(','));
    return `${paths.inventory(tenantId, kind.kind)}/export.csv?${asked}`;
  };
  return (
    <Page title={kind.title}>
      <DataTable<InventoryRecord>
        id={`inventory.${kind.kind}`}
        label={kind.title}
        columns={columns}
        view={view}
        onView={change}
        page={list.data}
        error={list.error}
        isStale={list.isPlaceholderData}
        onRetry={() => void list.refetch()}
        rowId={rowId}
        rowHref={(row) => (isIdentities ? pages.identity(tenantId, row.id) : recordHref(tenantId, kind.kind, row))}
        searchLabel={kind.columns.some(({ search }) => search) ? `Search ${kind.title.toLowerCase()}` : undefined}
        exportHref={exportHref}
        presets={presetsOf(kind.kind, useTenant()?.dormantDays)}
        empty={
          <EmptyState
            icon={<IconPlug size={28} stroke={1.5} />}
            title="Nothing has been read yet"
            actions={
              <Button component="a" href={pages.connections(tenantId)} variant="default">
                To the connectors
              </Button>
            }
          >
            {kind.title} show here once a connector that reads them has run.
          </EmptyState>
        }
        {...(mayMerge
          ? {
              selected,
              onSelect: setSelected,
              selectionActions: (
                <Group gap="xs">
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconArrowMerge size={15} />}
                    disabled={selected.size < 2 || selected.size > 20}
                    onClick={() => setMerging(true)}
                  >
                    Merge into one identity
                  </Button>
                </Group>
              ),
            }
          : {})}
      />
      {mayMerge ? (
        <MergeDialog
          tenantId={tenantId}
          opened={isMerging}
          identities={(list.data?.items ?? [])
            .filter((row) => selected.has(rowId(row)))
            .map((row) => ({ identityId: row.id, name: String(row.name ?? row.displayName ?? row.id) }))}
          onClose={() => setMerging(false)}
          onDone={() => setSelected(new Set())}
        />
      ) : null}
    </Page>
  );
}

/** A log is read from its newest entry, unless the address asks for another order. */
const inOrder = ({ kind }: InventoryKind, view: TableView): TableView =>
  kind === 'events' && view.sort === null ? { ...view, sort: '-time' } : view;

/** An id is unique within its connection and stream only. */
const rowId = ({ id, _connection, _stream }: InventoryRecord) => `${_connection}/${_stream}/${id}`;

const recordHref = (tenantId: string, kind: string, row: InventoryRecord) =>
  pages.record(tenantId, { kind, connection: row._connection, stream: row._stream, id: row.id });
