import { ErrorState, Problem, ProgramShell, usePerson, useShownPath, type WayByKeys } from '@gatehouse/ui';
import { Outlet } from '@tanstack/react-router';
import { navOfAdministrator, navOfPerson } from './nav.tsx';

/** Pages for everybody; all others are for administrators. */
const forEverybody = /^\/(person|lists(\/.*)?)?$/;

export function VaultFrame() {
  const path = useShownPath();
  const { systemAdministrator } = usePerson();
  return (
    <ProgramShell
      nav={systemAdministrator ? navOfAdministrator : navOfPerson}
      shortcuts={systemAdministrator ? waysOfAdministrator : waysOfPerson}
    >
      {systemAdministrator || forEverybody.test(path) ? (
        <Outlet />
      ) : (
        <ErrorState error={new Problem(403, 'Not allowed', 'This page is for administrators of the vault.')} />
      )}
    </ProgramShell>
  );
}

const waysOfPerson: readonly WayByKeys[] = [
  ['g h', 'Go home', '/'],
  ['g l', 'Go to shared credential lists', '/lists'],
];
const waysOfAdministrator: readonly WayByKeys[] = [
  ...waysOfPerson,
  ['g c', 'Go to credentials', '/credentials'],
  ['g s', 'Go to systems', '/systems'],
  ['g j', 'Go to jobs', '/jobs'],
  ['g i', 'Go to identities', '/identities'],
  ['g o', 'Go to check-outs', '/checkouts'],
  ['g a', 'Go to the audit', '/audit'],
];
