import {
  ActionIcon,
  Button,
  Code,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ConfirmDialog } from '../../ConfirmDialog.tsx';
import { CopyField } from '../../CopyField.tsx';
import { Notice } from '../../Notice.tsx';
import { Section } from '../../Page.tsx';
import { toProblem } from '../../problem.ts';
import { RelativeTime } from '../../RelativeTime.tsx';
import { Loaded } from '../../states.tsx';
import { toast } from '../../toast.tsx';
import { useApi, useRefresh } from '../client.ts';
import type { ApiPath } from '../path.ts';
import { send } from '../send.ts';
import { useAction } from '../use-action.ts';

interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}
const keysPath = '/api/me/api-keys' as ApiPath<readonly ApiKey[]>;

/** Keys for programs that act as this person. A key is shown once. */
export function ApiKeys() {
  const keys = useApi(keysPath);
  const refresh = useRefresh();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<ApiKey | null>(null);
  const remove = useAction({
    mutationFn: ({ keyId }: ApiKey) => send('DELETE', `${keysPath}/${keyId}`),
    onSuccess: () => {
      setRemoved(null);
      void refresh(keysPath);
      toast.done('API key deleted.');
    },
    onError: toast.failed,
  });
  return (
    <Section
      title="API keys"
      lead="For programs that act as you, with your roles."
      actions={
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          New API key
        </Button>
      }
    >
      <Loaded query={keys} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <Text c="dimmed" size="sm">
              You have none.
            </Text>
          ) : (
            <Table.ScrollContainer minWidth={560}>
              <Table fz="sm" aria-label="API keys">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Begins with</Table.Th>
                    <Table.Th>Created</Table.Th>
                    <Table.Th>Last used</Table.Th>
                    <Table.Th>Ends</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>Actions</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((key) => (
                    <Table.Tr key={key.keyId}>
                      <Table.Td>{key.name}</Table.Td>
                      <Table.Td>
                        <Code>{key.prefix}…</Code>
                      </Table.Td>
                      <Table.Td>
                        <RelativeTime at={key.createdAt} />
                      </Table.Td>
                      <Table.Td>
                        <RelativeTime at={key.lastUsedAt} none="Never" />
                      </Table.Td>
                      <Table.Td>
                        <RelativeTime at={key.expiresAt} none="Never" />
                      </Table.Td>
                      <Table.Td>
                        <ActionIcon onClick={() => setRemoved(key)} aria-label={`Delete the API key ${key.name}`}>
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="New API key">
        <NewKey onClose={() => setAdding(false)} />
      </Modal>
      <ConfirmDialog
        opened={removed !== null}
        title="Delete this API key?"
        action="Delete API key"
        danger
        busy={remove.isPending}
        onConfirm={() => removed !== null && remove.mutate(removed)}
        onClose={() => setRemoved(null)}
      >
        Programs that use “{removed?.name}” are refused from now on.
      </ConfirmDialog>
    </Section>
  );
}

function NewKey({ onClose }: { onClose(): void }) {
  const refresh = useRefresh();
  const add = useAction({
    mutationFn: (body: { name: string; days: number }) => send<ApiKey & { key: string }>('POST', keysPath, body),
    onSuccess: () => void refresh(keysPath),
  });
  if (add.data !== undefined)
    return (
      <Stack gap="md">
        <Notice tone="low" icon={<IconKey size={17} />} title="Copy it now">
          This key is shown once and cannot be read again.
        </Notice>
        <CopyField label={add.data.name} value={add.data.key} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({ name: String(form.get('name') ?? '').trim(), days: Number(form.get('days') ?? 90) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          name="name"
          label="Name"
          description="What will use it."
          required
          maxLength={120}
          data-autofocus
          error={add.error === null ? undefined : toProblem(add.error).message}
        />
        <Select
          name="days"
          label="Ends after"
          allowDeselect={false}
          defaultValue="90"
          data={[
            { value: '7', label: '7 days' },
            { value: '30', label: '30 days' },
            { value: '90', label: '90 days' },
            { value: '365', label: 'One year' },
          ]}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Create API key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
