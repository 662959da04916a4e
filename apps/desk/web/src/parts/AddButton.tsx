import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';

/** Leads to a form, or opens one. */
export function AddButton({ children, href, onClick }: { children: string; href?: string; onClick?(): void }) {
  const look = { leftSection: <IconPlus size={16} /> };
  return href === undefined ? (
    <Button {...look} {...(onClick === undefined ? {} : { onClick })}>
      {children}
    </Button>
  ) : (
    <Button {...look} component="a" href={href}>
      {children}
    </Button>
  );
}
