import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { formatNumber } from '../format.ts';
import type { TablePage, TableView } from './column.ts';
import classes from './DataTable.module.css';

interface PagerProps {
  view: TableView;
  page: TablePage<unknown> | undefined;
  pageSize: number;
  onView(view: TableView): void;
}

/** Keyset paging: forward by the server's cursor, back by the cursors that led here. */
export function Pager({ view, page, pageSize, onView }: PagerProps) {
  const isFirst = view.cursor === null;
  const next = page?.next ?? null;
  return (
    <nav className={classes.pager} aria-label="Pages">
      <span>{page === undefined ? ' ' : positionWords(view, page, pageSize)}</span>
      <span className={classes.pagerButtons}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconChevronLeft size={15} />}
          disabled={isFirst}
          onClick={() => {
            const cursor = view.before.at(-1) ?? '';
            onView({ ...view, cursor: cursor === '' ? null : cursor, before: view.before.slice(0, -1) });
          }}
        >
          Previous
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          rightSection={<IconChevronRight size={15} />}
          disabled={next === null}
          onClick={() => onView({ ...view, cursor: next, before: [...view.before, view.cursor ?? ''] })}
        >
          Next
        </Button>
      </span>
    </nav>
  );
}

const positionWords = (view: TableView, { items, total }: TablePage<unknown>, pageSize: number) => {
  const all = `${total.exact ? '' : 'more than '}${formatNumber(total.value)}`;
  if (items.length === 0) return total.value === 0 ? 'Nothing' : `0 of ${all}`;
  const isPlaced = view.cursor === null || view.before.length > 0;
  if (!isPlaced) return `${formatNumber(items.length)} of ${all}`;
  const start = view.before.length * pageSize + 1;
  return `${formatNumber(start)}–${formatNumber(start + items.length - 1)} of ${all}`;
};
