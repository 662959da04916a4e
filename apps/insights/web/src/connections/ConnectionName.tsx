import { send, toast, toProblem, useRefresh } from '@gatehouse/ui';
import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { ConnectionDetail } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';

/** The name in the title, changed in its place. */
export function ConnectionName({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const mayChange = useMay('administrator');
  const refresh = useRefresh();
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (name: string) =>
      send<ConnectionDetail>('PATCH', paths.connection(tenantId, connection.connectionId), { name }),
    onSuccess: async (_answer, name) => {
      const before = connection.name;
      await refresh(paths.connections(tenantId));
      setDraft(null);
      toast.done(`Renamed to ${name}.`, before === name ? undefined : () => rename.mutate(before));
    },
  });
  if (draft === null)
    return (
      <>
        {connection.name}
        {mayChange ? (
          <ActionIcon onClick={() => setDraft(connection.name)} aria-label="Rename this connector">
            <IconPencil size={16} />
          </ActionIcon>
        ) : null}
      </>
    );
  const problem = rename.error === null ? null : toProblem(rename.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() !== '') rename.mutate(draft.trim());
      }}
    >
      <Group gap={6} wrap="nowrap">
        <TextInput
          autoFocus
          aria-label="Connector name"
          value={draft}
          maxLength={120}
          w={320}
          error={problem === null ? undefined : (problem.fields.name ?? problem.message)}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setDraft(null);
          }}
        />
        <ActionIcon type="submit" variant="filled" color="petrol" loading={rename.isPending} aria-label="Save the name">
          <IconCheck size={16} />
        </ActionIcon>
        <ActionIcon onClick={() => setDraft(null)} aria-label="Keep the old name">
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </form>
  );
}
