import { ConfirmDialog, send, toast, useRefresh } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths, type Session } from '../api/paths.ts';

/** Ends somebody's session, after a question. */
export function EndSession({ session }: { session: Session }) {
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => send('POST', `${paths.session(session.id)}/end`, {}),
    onSuccess: () => {
      void refresh('/api/sessions');
      toast.done('Session ended.');
    },
    onError: toast.failed,
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button color="red.9" leftSection={<IconPlayerStop size={16} />} onClick={() => setAsking(true)}>
        End session
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={`End the session of ${session.person.name}?`}
        action="End session"
        danger
        busy={end.isPending}
        onConfirm={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        {session.person.name} is cut off from {session.item.name} at once, and reads that you ended it. The account goes
        back to the vault, and the recording is kept.
      </ConfirmDialog>
    </>
  );
}
