import { toProblem, useSend } from '@gatehouse/ui';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { type Item, paths } from '../api/paths.ts';
import { outboundRecipients } from '../objects/kinds.ts';
import { toldOfReplay } from './DeliveriesPage.tsx';

/** Sends everything since a time again. */
export function ReplaySince({ recipient }: { recipient: Item }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconRepeat size={16} />} onClick={() => setOpen(true)}>
        Replay since…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Send events again">
        <ReplayForm recipient={recipient} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

/** As `datetime-local` wants it, in the reader's own zone. */
const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function ReplayForm({ recipient: { id, name, failing_since: failing }, onDone }: { recipient: Item; onDone(): void }) {
  const [since, setSince] = useState(() =>
    local(typeof failing === 'string' ? new Date(failing) : new Date(Date.now() - 86_400_000)),
  );
  const replay = useSend<{ readonly queued: number }>({
    refresh: [outboundRecipients.api],
    onDone: (answer) => {
      toldOfReplay(answer);
      onDone();
    },
  });
  const problem = replay.error === null ? null : toProblem(replay.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        replay.mutate({
          ...{ method: 'POST', path: `${paths.recipient(Number(id))}/replay` },
          body: { since: new Date(since).toISOString() },
        });
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          Everything that happened since then and waits no longer, delivered or given up, is sent to {String(name)}{' '}
          again: at the end of its queue, in the same order, as deliveries of their own. At most 10,000 at once.
        </Text>
        <TextInput
          type="datetime-local"
          label="Since"
          required
          data-autofocus
          value={since}
          error={problem?.detail}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={replay.isPending} disabled={since === ''}>
            Send again
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
