import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { AppLink } from '../shell/AppsMenu.tsx';
import type { Crumb } from '../shell/Crumbs.tsx';
import type { NavSection } from '../shell/Navigation.tsx';
import { Shell } from '../shell/Shell.tsx';
import { type Shortcut, Shortcuts } from '../shortcuts.tsx';
import { useApi } from './client.ts';
import { CrumbsContext } from './crumbs.tsx';
import { at } from './path.ts';
import { usePerson, useProgram } from './program.ts';
import { send } from './send.ts';

/** The programs that run beside this one; a server that runs alone has no such address. */
const appsPath = at<{ readonly items: readonly (AppLink & { readonly id: string })[] }>('/api/apps');

/** Keys, what they do, and where they lead. */
export type WayByKeys = readonly [keys: string, title: string, path: string];

interface ProgramShellProps {
  nav: readonly NavSection[];
  shortcuts: readonly WayByKeys[];
  switcher?: ReactNode;
  /** The crumb above those of every page. */
  above?: Crumb | undefined;
  children: ReactNode;
}

/** The frame with everything in it that is the same in every program. */
export function ProgramShell({ nav, shortcuts, switcher, above, children }: ProgramShellProps) {
  const { name, home, go } = useProgram();
  const person = usePerson();
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/(.)\/$/, '$1') });
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const beside = useApi(appsPath, { every: 600_000 });
  const ways = useMemo<readonly Shortcut[]>(
    () => shortcuts.map(([keys, title, path]) => ({ keys, title, run: () => go(path) })),
    [shortcuts, go],
  );
  return (
    <CrumbsContext value={setCrumbs}>
      <Shell
        program={name}
        home={home.href}
        switcher={switcher}
        apps={beside.data?.items ?? []}
        person={{ name: person.name, email: person.email, href: '/person' }}
        onSignOut={() => {
          void send('POST', '/api/auth/sign-out', {}).finally(() => location.assign('/sign-in'));
        }}
        nav={nav}
        path={path}
        crumbs={above === undefined ? crumbs : [above, ...crumbs]}
      >
        {children}
      </Shell>
      <Shortcuts shortcuts={ways} />
    </CrumbsContext>
  );
}
