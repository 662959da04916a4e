import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { nextSort, type TableColumn, type TableView } from './column.ts';
import classes from './DataTable.module.css';

interface HeadingProps {
  column: TableColumn<never>;
  view: TableView;
  onView(view: TableView): void;
  /** The edge by which the column is made wider. */
  handle: ReactNode;
}

/** The title of a column; a click on one that can be sorted sorts. */
export function Heading({ column, view, onView, handle }: HeadingProps) {
  const { name, title } = column;
  const order = view.sort === name ? 'ascending' : view.sort === `-${name}` ? 'descending' : 'none';
  if (!column.sort)
    return (
      <th scope="col" data-type={column.type}>
        <span className={classes.headWord} title={title}>
          {title}
        </span>
        {handle}
      </th>
    );
  return (
    <th scope="col" aria-sort={order} data-type={column.type}>
      <button
        type="button"
        className={classes.sort}
        title={`Sort by ${title}`}
        onClick={() => onView({ ...view, sort: nextSort(view.sort, name), cursor: null, before: [] })}
      >
        <span className={classes.headWord}>{title}</span>
        {order === 'ascending' ? (
          <IconArrowUp size={13} aria-hidden="true" />
        ) : order === 'descending' ? (
          <IconArrowDown size={13} aria-hidden="true" />
        ) : (
          <IconArrowsSort size={13} className={classes.canSort} aria-hidden="true" />
        )}
      </button>
      {handle}
    </th>
  );
}
