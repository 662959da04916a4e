import { Burger, Drawer } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Logo } from '../Logo.tsx';
import { type AppLink, AppsMenu } from './AppsMenu.tsx';
import { type Crumb, Crumbs } from './Crumbs.tsx';
import { Navigation, type NavSection } from './Navigation.tsx';
import { PersonMenu, type ShellPerson } from './PersonMenu.tsx';
import classes from './Shell.module.css';
import { ThemeSwitch } from './ThemeSwitch.tsx';

export interface ShellProps {
  /** The program's own name: "Insights". */
  program: string;
  /** Where the logo leads. */
  home: string;
  /** A switcher beside the name, for programs that have tenants. */
  switcher?: ReactNode;
  /** Connected programs. Empty: no menu. */
  apps: readonly AppLink[];
  person: ShellPerson;
  onSignOut(): void;
  /** Empty: no navigation at the left, for pages above a tenant. */
  nav: readonly NavSection[];
  /** The address of the page that is shown, without query. */
  path: string;
  crumbs: readonly Crumb[];
  children: ReactNode;
}

/** The frame of every page of every program. */
export function Shell(props: ShellProps) {
  const [isMenuOpen, setMenuOpen] = useState(false);
  // A new page closes the menu that led to it.
  useEffect(() => setMenuOpen(false), [props.path]);
  const hasNav = props.nav.length > 0;
  return (
    <div className={classes.shell} data-nav={hasNav ? 'true' : undefined}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.bar}>
        {hasNav ? (
          <Burger
            className={classes.burger ?? ''}
            size="sm"
            color="var(--gh-bar-text)"
            opened={isMenuOpen}
            onClick={() => setMenuOpen(!isMenuOpen)}
            aria-label="Menu"
          />
        ) : null}
        <a href={props.home} className={classes.brand} aria-label={`Gatehouse ${props.program}, home`}>
          <Logo size={24} />
          <span>
            <b>Gatehouse</b> <span className={classes.program}>{props.program}</span>
          </span>
        </a>
        {props.switcher}
        <span className={classes.space} />
        <AppsMenu apps={props.apps} />
        <ThemeSwitch />
        <PersonMenu person={props.person} onSignOut={props.onSignOut} />
      </header>
      {hasNav ? (
        <>
          <div className={classes.side}>
            <Navigation sections={props.nav} path={props.path} />
          </div>
          <Drawer opened={isMenuOpen} onClose={() => setMenuOpen(false)} size={260} title="Menu" padding="xs">
            <Navigation sections={props.nav} path={props.path} />
          </Drawer>
        </>
      ) : null}
      <main id="main" className={classes.main} tabIndex={-1}>
        {props.crumbs.length > 1 ? <Crumbs crumbs={props.crumbs} /> : null}
        {props.children}
      </main>
    </div>
  );
}
