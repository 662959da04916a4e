import { EmptyState, Logo, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';

export function NotFound() {
  useCrumbs({ title: 'Not found' });
  return (
    <EmptyState
      icon={<Logo size={28} />}
      title="There is nothing at this address"
      actions={
        <Button component="a" href="/" variant="default">
          To the first page
        </Button>
      }
    >
      The page may have moved, or you may not have been given access to it.
    </EmptyState>
  );
}
