import type { ReactNode } from 'react';
import classes from './Shell.module.css';

export interface NavLink {
  readonly title: string;
  readonly href: string;
  readonly icon: ReactNode;
  /** Also current on pages below it. Default: true. */
  readonly withBelow?: boolean;
}
export interface NavSection {
  /** Absent for the first links, which need no heading. */
  readonly title?: string;
  readonly links: readonly NavLink[];
}

export function Navigation({ sections, path }: { sections: readonly NavSection[]; path: string }) {
  return (
    <nav aria-label="Main">
      {sections.map((section) => (
        <div key={section.title ?? ''}>
          {section.title === undefined ? null : <div className={classes.navTitle}>{section.title}</div>}
          <ul className={classes.navList}>
            {section.links.map((link) => (
              <li key={link.href}>
                <a
                  className={classes.navLink}
                  href={link.href}
                  {...(isCurrent(link, path) ? { 'aria-current': 'page' as const } : {})}
                >
                  {link.icon}
                  {link.title}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const isCurrent = ({ href, withBelow = true }: NavLink, path: string) =>
  path === href || (withBelow && path.startsWith(`${href}/`));
