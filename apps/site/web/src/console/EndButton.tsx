import { ConfirmDialog, send, toast, useRefresh } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths, type Session } from '../api/paths.ts';

/** Ends one's own session; once it is open, only after a question. */
export function EndButton({ session, word }: { session: Session; word: string }) {
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => send('POST', `${paths.ownSession(session.id)}/end`, {}),
    onSuccess: () => void refresh('/api/console'),
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
        onClick={() => (session.state === 'open' ? setAsking(true) : end.mutate())}
      >
        {word}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={`End the session with ${session.item.name}?`}
        action="End session"
        danger
        busy={end.isPending}
        onConfirm={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        What runs in it is stopped, and the account goes back to the vault.
      </ConfirmDialog>
    </>
  );
}
