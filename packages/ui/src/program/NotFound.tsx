import { Button } from '@mantine/core';
import { Logo } from '../Logo.tsx';
import { EmptyState } from '../states.tsx';
import { useCrumbs } from './crumbs.tsx';
import { useProgram } from './program.ts';

export function NotFound() {
  useCrumbs({ title: 'Not found' });
  const { home } = useProgram();
  return (
    <EmptyState
      icon={<Logo size={28} />}
      title="There is nothing at this address"
      actions={
        <Button component="a" href={home.href} variant="default">
          {home.title}
        </Button>
      }
    >
      The page may have moved, or you may not have been given access to it.
    </EmptyState>
  );
}

/** Outside every frame: an address that no page has, signed in or not. */
export function LostPage() {
  return (
    <main>
      <NotFound />
    </main>
  );
}
