import { send, toast, useRefresh } from '@gatehouse/ui';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { paths } from '../api/paths.ts';
import type { Decision } from '../api/types.ts';

interface MergeDialogProps {
  tenantId: string;
  opened: boolean;
  identities: readonly { readonly identityId: string; readonly name: string }[];
  onClose(): void;
  onDone(): void;
}

/** Joins identities by hand. The decision is stronger than every rule and is kept over later reads. */
export function MergeDialog({ tenantId, opened, identities, onClose, onDone }: MergeDialogProps) {
  const refresh = useRefresh();
  const undo = useUndo(tenantId);
  const merge = useMutation({
    mutationFn: (reason: string) =>
      send<Decision>('POST', `${paths.tenant(tenantId)}/identities/merge`, {
        identityIds: identities.map(({ identityId }) => identityId),
        reason,
      }),
    onSuccess: ({ decisionId }) => {
      onDone();
      onClose();
      void refresh(paths.tenant(tenantId));
      toast.done(`${identities.length} identities are one now.`, () => undo.mutate(decisionId));
    },
    onError: toast.failed,
  });
  return (
    <Modal opened={opened} onClose={onClose} title={`Merge ${identities.length} identities?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          merge.mutate(String(new FormData(event.currentTarget).get('reason') ?? ''));
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            Their accounts become one identity. The decision is remembered, holds against every rule, and can be undone.
          </Text>
          <ul style={{ margin: 0, paddingLeft: 20 }}>
            {identities.map(({ identityId, name }) => (
              <li key={identityId}>{name}</li>
            ))}
          </ul>
          <TextInput
            name="reason"
            label="Reason"
            placeholder="How you know that it is the same person"
            maxLength={500}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={merge.isPending}>
              Merge identities
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export const useUndo = (tenantId: string) => {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (decisionId: string) =>
      send<Decision>('POST', `${paths.tenant(tenantId)}/identities/decisions/${decisionId}/undo`, {}),
    onSuccess: () => {
      void refresh(paths.tenant(tenantId));
      toast.done('Undone.');
    },
    onError: toast.failed,
  });
};
