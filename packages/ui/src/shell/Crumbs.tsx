import { IconChevronRight } from '@tabler/icons-react';
import classes from './Shell.module.css';

export interface Crumb {
  readonly title: string;
  /** Absent on the page itself. */
  readonly href?: string;
}

export function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs">
      <ol className={classes.crumbs}>
        {crumbs.map(({ title, href }, position) => (
          <li key={`${position}:${title}`}>
            {position === 0 ? null : <IconChevronRight size={13} aria-hidden="true" />}
            {href === undefined ? (
              <span aria-current="page" title={title}>
                {title}
              </span>
            ) : (
              <a href={href} title={title}>
                {title}
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
