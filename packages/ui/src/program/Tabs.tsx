import { formatNumber } from '../format.ts';
import classes from './Tabs.module.css';

interface Tab {
  readonly title: string;
  readonly href: string;
  readonly isCurrent: boolean;
  readonly count?: number;
}

/** Tabs that are pages of their own: each has an address, so it can be linked and gone back to. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map(({ title, href, isCurrent, count }) => (
        <a key={href} href={href} {...(isCurrent ? { 'aria-current': 'page' as const } : {})}>
          {title}
          {count === undefined ? null : <span className={classes.count}>{formatNumber(count)}</span>}
        </a>
      ))}
    </nav>
  );
}
