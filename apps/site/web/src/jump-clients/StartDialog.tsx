import { useApi } from '@gatehouse/ui';
import { Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ReachedDetail } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { ConditionsCard } from '../console/ConditionsCard.tsx';
import { StartForm } from './StartForm.tsx';
import { leftOf, type Start } from './use-start.ts';

interface StartDialogProps<T> {
  /** As it was when something turned out to be asked for. */
  client: ReachedDetail;
  of: 'jump-client' | 'lent machine';
  start: Start<T>;
  title: string;
  word: string;
  onClose(): void;
}

/** Asks, where something begins with a Jump Client from the middle of another page. */
export function StartDialog<T>({ client, of, start, title, word, onClose }: StartDialogProps<T>) {
  const [isOpen, setOpen] = useState(true);
  // An approval comes while it is open.
  const now = useApi(paths.reachedClient(client.id), { every: 10_000 }).data ?? client;
  return (
    <Modal
      size="lg"
      title={title}
      opened={isOpen}
      onClose={() => setOpen(false)}
      transitionProps={{ onExited: onClose }}
    >
      <Stack gap="md">
        <StartForm client={now} start={start} word={word} />
        <ConditionsCard
          conditions={leftOf(now.conditions, start.ticket ?? '')}
          of={of}
          joins={of === 'jump-client' ? now.joins : []}
        />
      </Stack>
    </Modal>
  );
}
