import { ConfirmDialog, CopyField, Notice, Section, send, toast, useRefresh } from '@gatehouse/ui';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconKey, IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Item } from '../api/paths.ts';
import { apiAccounts } from '../objects/kinds.ts';

export interface Secret {
  readonly id: number;
  readonly client_id: string;
  readonly client_secret: string;
}

/** The client id, and a new secret where the old one was lost. */
export function Authentication({ account }: { account: Item }) {
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const renew = useMutation({
    mutationFn: () => send<Secret>('POST', `${apiAccounts.api}/${String(account.id)}/secret`, {}),
    onSuccess: () => {
      setAsking(false);
      void refresh(apiAccounts.api);
    },
    onError: toast.failed,
  });
  if (renew.data !== undefined) return <ShownSecret secret={renew.data} onDone={() => renew.reset()} />;
  return (
    <Section title="Authentication Settings">
      <Stack gap="md">
        <CopyField label="OAuth Client ID" value={String(account.client_id)} />
        <Text size="sm" c="dimmed">
          The OAuth Client Secret cannot be shown again. A new one ends every token of this account at once.
        </Text>
        <Group>
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => setAsking(true)}>
            Generate new client secret
          </Button>
        </Group>
      </Stack>
      <ConfirmDialog
        opened={isAsking}
        title="Generate a new client secret?"
        action="Generate"
        danger
        busy={renew.isPending}
        onConfirm={() => renew.mutate()}
        onClose={() => setAsking(false)}
      >
        Programs that use this account stop working until they have the new secret.
      </ConfirmDialog>
    </Section>
  );
}

/** What a program needs to sign in, this once. */
export function ShownSecret({ secret, onDone }: { secret: Secret; onDone(): void }) {
  return (
    <Section title="Authentication Settings">
      <Stack gap="md" maw={640}>
        <Notice tone="medium" icon={<IconKey size={17} />} title="Copy the client secret now">
          You are responsible for storing it in a secure place. This is the only time you can see it.
        </Notice>
        <CopyField label="OAuth Client ID" value={secret.client_id} />
        <CopyField label="OAuth Client Secret" value={secret.client_secret} />
        <Group justify="flex-end">
          <Button onClick={onDone}>Done</Button>
        </Group>
      </Stack>
    </Section>
  );
}
