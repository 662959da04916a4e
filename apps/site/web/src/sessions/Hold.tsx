import { type ApiPath, ConfirmDialog, formatTime, Notice, send, toast, useApi, useRefresh } from '@gatehouse/ui';
import { Button, Stack, Textarea } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Held } from '../api/paths.ts';

interface HoldProps {
  address: ApiPath<Held>;
  /** What is asked again where it changed. */
  sessions: string;
}

/** Whether a session stays although the retention would remove it, and who said so. */
export function Hold({ address, sessions }: HoldProps) {
  const held = useApi(address);
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const refresh = useRefresh();
  const hold = held.data?.hold;
  const change = useMutation({
    mutationFn: () => (hold ? send('DELETE', address) : send('PUT', address, { reason })),
    onSuccess: () => {
      toast.done(hold ? 'The retention decides about this session again.' : 'This session is kept.');
      setAsking(false);
      setReason('');
    },
    onError: toast.failed,
    onSettled: () => void refresh(sessions),
  });
  if (hold === undefined) return null;
  const ask = (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={hold === null ? <IconLock size={15} /> : <IconLockOpen size={15} />}
      onClick={() => setAsking(true)}
    >
      {hold === null ? 'Keep this session' : 'Keep it no longer'}
    </Button>
  );
  return (
    <>
      {hold === null ? (
        <div>{ask}</div>
      ) : (
        <Notice tone="medium" icon={<IconLock size={17} />} title={`${hold.by} keeps this session`}>
          <Stack gap="xs" align="flex-start">
            <span>
              Since {formatTime(new Date(hold.at))}: {hold.reason}
            </span>
            {ask}
          </Stack>
        </Notice>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={hold === null ? 'Keep this session?' : 'Keep this session no longer?'}
        action={hold === null ? 'Keep' : 'Keep no longer'}
        danger={hold !== null}
        busy={change.isPending}
        onConfirm={() => change.mutate()}
        onClose={() => setAsking(false)}
      >
        {hold === null ? (
          <Stack gap="sm">
            <span>
              Neither it nor anything that belongs to it is removed until somebody says so. The audit says who did, and
              why.
            </span>
            <Textarea
              label="Reason"
              required
              autosize
              minRows={2}
              maxLength={1_000}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </Stack>
        ) : (
          'Where it is older than this site keeps sessions, it is removed within minutes.'
        )}
      </ConfirmDialog>
    </>
  );
}
