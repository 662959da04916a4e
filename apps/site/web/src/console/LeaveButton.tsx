import { send, toast, useRefresh } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconDoorExit } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { paths, type Session } from '../api/paths.ts';

/** Out of the session of somebody else, which goes on. */
export function LeaveButton({ session: { id } }: { session: Session }) {
  const refresh = useRefresh();
  const leave = useMutation({
    mutationFn: () => send('POST', `${paths.ownSession(id)}/leave`, {}),
    onSuccess: () => void refresh('/api/console'),
    onError: toast.failed,
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconDoorExit size={15} />}
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      Leave
    </Button>
  );
}
