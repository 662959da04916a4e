import { Progress } from '@mantine/core';
import { IconHourglassHigh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatNumber } from './format.ts';
import classes from './ProgressPanel.module.css';

export interface ProgressRow {
  readonly id: string;
  readonly title: string;
  readonly badge: ReactNode;
  readonly done: number;
  /** Null where nobody knows how many there will be. */
  readonly total: number | null;
  readonly isActive: boolean;
  readonly isDone: boolean;
  readonly note: ReactNode;
}

interface ProgressPanelProps {
  title: ReactNode;
  /** Figures in the head: pages, records, rate, time left. */
  figures: readonly { readonly title: string; readonly value: ReactNode }[];
  /** Why it stands still, while it does. */
  waiting: string | null;
  rows: readonly ProgressRow[];
  actions?: ReactNode;
}

/** Work under way in several parts. The room of every part is there from the start, so nothing jumps. */
export function ProgressPanel({ title, figures, waiting, rows, actions }: ProgressPanelProps) {
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <div className={classes.title}>{title}</div>
        {actions}
      </div>
      <div className={classes.figureRow}>
        <dl className={classes.figures}>
          {figures.map((figure) => (
            <div key={figure.title}>
              <dt>{figure.title}</dt>
              <dd>{figure.value}</dd>
            </div>
          ))}
        </dl>
        <div className={classes.waiting} role="status" data-shown={waiting ? 'true' : undefined}>
          {waiting ? (
            <>
              <IconHourglassHigh size={15} aria-hidden="true" /> {waiting}
            </>
          ) : null}
        </div>
      </div>
      <ul className={classes.rows}>
        {rows.map((row) => (
          <li key={row.id} className={classes.row}>
            <span className={classes.rowTitle} title={row.title}>
              {row.title}
            </span>
            <Progress
              size="sm"
              value={portion(row)}
              animated={row.isActive && row.total === null}
              striped={row.isActive && row.total === null}
              color={row.isDone ? 'petrol.5' : 'petrol'}
              aria-label={`${row.title}: ${formatNumber(row.done)} records`}
            />
            <span className={classes.rowCount}>
              {formatNumber(row.done)}
              {row.total === null ? '' : ` / ${formatNumber(row.total)}`}
            </span>
            <span className={classes.rowBadge}>{row.badge}</span>
            <span className={classes.rowNote}>{row.note}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const portion = ({ isDone, isActive, total, done }: ProgressRow) => {
  if (isDone) return 100;
  if (total !== null && total > 0) return Math.min(100, (done / total) * 100);
  return isActive ? 100 : 0;
};
