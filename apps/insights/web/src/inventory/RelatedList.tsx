import { DataTable, Section, type TableColumn, useApi } from '@gatehouse/ui';
import { Anchor } from '@mantine/core';
import { useMemo } from 'react';
import { listQuery, useTableView } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { InventoryKind, RelatedItem } from '../api/types.ts';
import { linkHref } from './links.ts';

interface RelatedListProps {
  tenantId: string;
  kind: string;
  /** Connection, stream and id of the record that it is beside. */
  address: URLSearchParams;
  list: string;
  title: string;
  /** All lists beside the record. */
  backTo: string;
}

/** The whole of one list beside a record. */
export function RelatedList({ tenantId, kind, address, list, title, backTo }: RelatedListProps) {
  const [view, setView] = useTableView();
  const asked = listQuery({ ...view, filters: [], sort: null }, { ...Object.fromEntries(address), list });
  const kinds = useApi(paths.inventoryKinds);
  const columns = useMemo(() => columnsOf(kinds.data ?? []), [kinds.data]);
  const items = useApi(paths.related(tenantId, kind, asked), { keep: true });
  return (
    <Section
      title={title}
      actions={
        <Anchor href={backTo} size="sm">
          All lists
        </Anchor>
      }
    >
      <DataTable<RelatedItem>
        id="related"
        label={title}
        columns={columns}
        view={view}
        onView={setView}
        page={items.data}
        error={items.error}
        isStale={items.isPlaceholderData}
        onRetry={() => void items.refetch()}
        rowId={(item) => `${item.kind}/${item.stream}/${item.id}/${item.note ?? ''}`}
        rowHref={(item) => (item.stream === '' ? undefined : linkHref(tenantId, item))}
        searchLabel={`Search ${title.toLowerCase()}`}
      />
    </Section>
  );
}

const columnsOf = (kinds: readonly InventoryKind[]): readonly TableColumn<RelatedItem>[] => [
  { name: 'label', title: 'Name', type: 'text', width: 300, filter: false },
  { name: 'note', title: 'Remark', type: 'text', width: 240, filter: false },
  {
    name: 'kind',
    title: 'Kind',
    type: 'text',
    width: 170,
    filter: false,
    cell: (item) => kinds.find(({ kind }) => kind === item.kind)?.one ?? item.kind,
  },
  { name: 'id', title: 'Id in the system', type: 'text', width: 260, filter: false },
];
