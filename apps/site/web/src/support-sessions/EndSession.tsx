import { ConfirmDialog, send, toast, useRefresh } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { WholeSession } from '../api/paths.ts';

/** Ends somebody else's support session, after a question. */
export function EndSession({ session: { lsid, customer } }: { session: Pick<WholeSession, 'lsid' | 'customer'> }) {
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => send('POST', `/api/support-sessions/${lsid}/end`, {}),
    onSuccess: () => {
      void refresh('/api/support-sessions');
      toast.done('The session is over.');
    },
    onError: toast.failed,
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlayerStop size={15} />}
        loading={end.isPending}
        onClick={() => setAsking(true)}
      >
        End session
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={`End the session of ${customer || 'this customer'}?`}
        action="End session"
        danger
        busy={end.isPending}
        onConfirm={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        Everybody in it is told that an administrator ended it. What happened in it stays.
      </ConfirmDialog>
    </>
  );
}
