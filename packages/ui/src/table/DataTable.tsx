import { Checkbox, Skeleton } from '@mantine/core';
import {
  type ColumnDef,
  columnVisibilityFeature,
  rowSelectionFeature,
  type Row as TableRow,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef } from 'react';
import { EmptyState, ErrorState } from '../states.tsx';
import { ColumnHandle } from './ColumnHandle.tsx';
import { CellValue } from './cell.tsx';
import type { TableColumn, TablePage, TableView } from './column.ts';
import classes from './DataTable.module.css';
import { Heading } from './Heading.tsx';
import { Pager } from './Pager.tsx';
import { parseNames, useRemembered } from './remembered.ts';
import type { NamedView } from './SavedViews.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useWidths } from './use-widths.ts';

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
type Features = typeof features;

export interface DataTableProps<Row extends object> {
  /** Which table: columns and views are remembered under it. */
  id: string;
  /** Read out by screen readers: "Accounts". */
  label: string;
  columns: readonly TableColumn<Row>[];
  view: TableView;
  onView(view: TableView): void;
  page: TablePage<Row> | undefined;
  error?: unknown;
  /** An older page is shown while the next one is on its way. */
  isStale?: boolean;
  onRetry?(): void;
  rowId(row: Row): string;
  /** Where a row leads; its first cell is the link. */
  rowHref?(row: Row): string | undefined;
  selected?: ReadonlySet<string>;
  onSelect?(selected: ReadonlySet<string>): void;
  /** Shown above the table while rows are selected. */
  selectionActions?: ReactNode;
  searchLabel?: string | undefined;
  /** Address of the CSV of what is shown, by the names of the columns shown. */
  exportHref?(columns: readonly string[]): string;
  presets?: readonly NamedView[];
  extra?: ReactNode;
  empty?: ReactNode;
  /** The page itself filters besides. */
  isFiltered?: boolean;
  pageSize?: number;
}

/** A list that the server searches, filters, sorts and pages: as good for a million rows as for ten. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, view, onView, page, rowId, selected, onSelect, pageSize = 50 } = props;
  const [remembered, remember] = useRemembered(`columns.${props.id}`, parseNames);
  const usual = columns.filter(({ shown }) => shown !== false).map(({ name }) => name);
  const wanted = view.columns ?? remembered ?? usual;
  const shown = wanted.filter((name) => columns.some((column) => column.name === name));
  const visible = (shown.length > 0 ? shown : usual).flatMap((name) =>
    columns.filter((column) => column.name === name),
  );

  const definitions = useMemo<ColumnDef<Features, Row>[]>(
    () =>
      columns.map(({ name, title }) => ({ id: name, header: title, accessorFn: (row: Row) => Reflect.get(row, name) })),
    [columns],
  );
  const rows = useMemo(() => [...(page?.items ?? [])], [page]);
  const rowSelection: Record<string, true> = Object.fromEntries([...(selected ?? [])].map((id) => [id, true as const]));
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    enableRowSelection: onSelect !== undefined,
    state: { rowSelection },
    onRowSelectionChange: (change) => {
      const after = typeof change === 'function' ? change(rowSelection) : change;
      onSelect?.(new Set(Object.keys(after).filter((id) => after[id])));
    },
  });

  const body = useRef<HTMLTableSectionElement>(null);
  const hasFilters = view.search !== '' || view.filters.length > 0 || props.isFiltered === true;
  const widths = useWidths(props.id, visible, onSelect === undefined ? 0 : 40);
  const rowModel = table.getRowModel().rows;

  return (
    <div className={classes.root}>
      <Toolbar
        id={props.id}
        columns={columns}
        shown={visible.map(({ name }) => name)}
        onShown={(names) => {
          remember(names);
          if (names === null) widths.reset();
          onView({ ...view, columns: names });
        }}
        view={view}
        onView={onView}
        searchLabel={props.searchLabel}
        exportHref={props.exportHref?.(visible.map(({ name }) => name))}
        presets={props.presets}
        extra={props.extra}
      />
      {selected !== undefined && selected.size > 0 ? (
        <div className={classes.selection} role="status">
          <span>{selected.size} selected</span>
          {props.selectionActions}
        </div>
      ) : null}
      <div className={classes.scroll} data-stale={props.isStale ? 'true' : undefined}>
        <table
          ref={widths.table}
          className={classes.table}
          style={widths.style}
          aria-label={props.label}
          aria-busy={page === undefined}
        >
          <colgroup>
            {onSelect === undefined ? null : <col style={{ width: 40 }} />}
            {visible.map((column) => (
              <col key={column.name} data-column={column.name} style={{ width: widths.colWidth(column.name) }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {onSelect === undefined ? null : (
                <th className={classes.check} scope="col">
                  <Checkbox
                    size="xs"
                    aria-label="Select every row of this page"
                    checked={rowModel.length > 0 && table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected()}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </th>
              )}
              {visible.map((column, position) => (
                <Heading
                  key={column.name}
                  column={column}
                  view={view}
                  onView={onView}
                  handle={
                    <ColumnHandle
                      title={column.title}
                      width={widths.widthFor(column.name)}
                      isStop={position === 0}
                      onDraw={(pixels) => widths.show(column.name, pixels)}
                      onWidth={(pixels) => widths.keep(column.name, pixels)}
                    />
                  }
                />
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={(event) => moveBetweenRows(event, body.current)}>
            {page === undefined && !props.error ? <LoadingRows columns={visible.length + (onSelect ? 1 : 0)} /> : null}
            {rowModel.map((row, position) => (
              <DataRow key={row.id} row={row} visible={visible} isFirst={position === 0} {...pick(props)} />
            ))}
          </tbody>
        </table>
        {props.error && page === undefined ? <ErrorState error={props.error} onRetry={props.onRetry} /> : null}
        {page !== undefined && page.items.length === 0 ? (
          hasFilters || props.empty === undefined ? (
            <EmptyState title={hasFilters ? 'Nothing matches' : 'Nothing here yet'}>
              {hasFilters ? 'Change the search or remove a filter.' : null}
            </EmptyState>
          ) : (
            props.empty
          )
        ) : null}
      </div>
      <Pager view={view} page={page} pageSize={pageSize} onView={onView} />
    </div>
  );
}

const pick = <Row extends object>({ rowHref, onSelect }: DataTableProps<Row>) => ({
  ...(rowHref === undefined ? {} : { rowHref }),
  isSelectable: onSelect !== undefined,
});

interface DataRowProps<Row extends object> {
  row: TableRow<Features, Row>;
  visible: readonly TableColumn<Row>[];
  isFirst: boolean;
  isSelectable: boolean;
  rowHref?(row: Row): string | undefined;
}

function DataRow<Row extends object>({ row, visible, isFirst, isSelectable, rowHref }: DataRowProps<Row>) {
  const href = rowHref?.(row.original);
  return (
    <tr
      tabIndex={isFirst ? 0 : -1}
      data-selected={row.getIsSelected() ? 'true' : undefined}
      data-leads={href === undefined ? undefined : 'true'}
      onClick={openRow}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') event.currentTarget.querySelector<HTMLAnchorElement>('a[data-lead]')?.click();
        if (event.key === ' ' && isSelectable) {
          event.preventDefault();
          row.toggleSelected();
        }
      }}
    >
      {isSelectable ? (
        <td className={classes.check}>
          <Checkbox
            size="xs"
            aria-label="Select this row"
            checked={row.getIsSelected()}
            onChange={row.getToggleSelectedHandler()}
          />
        </td>
      ) : null}
      {visible.map((column, position) => {
        const content = column.cell ? (
          column.cell(row.original, position === 0 && href !== undefined)
        ) : (
          <CellValue value={row.getValue(column.name)} column={column} />
        );
        return (
          <td key={column.name} data-type={column.type}>
            {position === 0 && href !== undefined ? (
              <a href={href} data-lead className={classes.lead}>
                {content}
              </a>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** A click anywhere on a row opens it, unless it was meant for something inside or ends a selection of text. */
const openRow = (event: MouseEvent<HTMLTableRowElement>) => {
  if (!(event.target instanceof Element) || event.target.closest('a, button, input, label') !== null) return;
  if ((globalThis.getSelection()?.toString() ?? '') !== '') return;
  event.currentTarget.querySelector<HTMLAnchorElement>('a[data-lead]')?.click();
};

const moveBetweenRows = (event: KeyboardEvent, body: HTMLTableSectionElement | null) => {
  const rows = [...(body?.querySelectorAll<HTMLTableRowElement>('tr[tabindex]') ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLTableRowElement);
  if (at < 0) return;
  const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const target = to === undefined ? undefined : rows[to];
  if (target === undefined) return;
  event.preventDefault();
  for (const row of rows) row.tabIndex = row === target ? 0 : -1;
  target.focus();
};

function LoadingRows({ columns }: { columns: number }) {
  return Array.from({ length: 12 }, (_, row) => (
    <tr key={String(row)}>
      {Array.from({ length: columns }, (_, cell) => (
        <td key={String(cell)}>
          <Skeleton height={12} width={`${50 + ((row * 7 + cell * 13) % 40)}%`} />
        </td>
      ))}
    </tr>
  ));
}
