import { send, toast, useRefresh } from '@gatehouse/ui';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Item } from '../api/paths.ts';

/** Its key pins nothing more; what it pinned stays. */
export function InstallerRemove({ item }: { item: Item }) {
  const refresh = useRefresh();
  const remove = useMutation({
    mutationFn: () => send('DELETE', `/api/jump-client-installers/${String(item.id)}`),
    onSuccess: () => {
      void refresh('/api/jump-client-installers');
      toast.done('The installer pins nothing more.');
    },
    onError: toast.failed,
  });
  return (
    <Tooltip label="Delete: its key pins nothing more. What it pinned stays.">
      <ActionIcon
        variant="subtle"
        aria-label={`Delete the installer ${String(item.name ?? item.id)}`}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
