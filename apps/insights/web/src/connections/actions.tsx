import { ConfirmDialog, formatNumber, send, toast, useApi, useRefresh } from '@gatehouse/ui';
import { Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { pages } from '../../../src/api/pages.ts';
import { useGo } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Connection, ConnectionDetail } from '../api/types.ts';

type Switched = Pick<Connection, 'connectionId' | 'name'>;

/** Turns a connector off or on; both can be taken back from the toast. */
export const useSwitch = (tenantId: string) => {
  const refresh = useRefresh();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ connection, enabled }: { connection: Switched; enabled: boolean }) =>
      send<ConnectionDetail>('PATCH', paths.connection(tenantId, connection.connectionId), { enabled }),
    onSuccess: (_answer, { connection, enabled }) => {
      void refresh(paths.tenant(tenantId));
      toast.done(
        enabled
          ? `${connection.name} is on. It reads at the next scheduled time.`
          : `${connection.name} is off. What it read stays.`,
        () => mutate({ connection, enabled: !enabled }),
      );
    },
    onError: toast.failed,
  });
  return { isPending, turn: (connection: Switched, enabled: boolean) => mutate({ connection, enabled }) };
};

interface DeleteDialogProps {
  tenantId: string;
  connection: Pick<Connection, 'connectionId' | 'name'> | null;
  onClose(): void;
}

/** Says what happens to the data before anything does. */
export function DeleteDialog({ tenantId, connection, onClose }: DeleteDialogProps) {
  const go = useGo();
  const refresh = useRefresh();
  const detail = useApi(paths.connection(tenantId, connection?.connectionId ?? ''), { enabled: connection !== null });
  const remove = useMutation({
    mutationFn: (id: string) => send<null>('DELETE', paths.connection(tenantId, id)),
    onSuccess: async (_answer, id) => {
      toast.done(`${connection?.name ?? 'The connector'} was deleted.`);
      onClose();
      go(pages.connections(tenantId));
      await refresh(paths.tenant(tenantId), paths.connection(tenantId, id));
    },
    onError: toast.failed,
  });
  if (connection === null) return null;
  const records = detail.data?.records;
  return (
    <ConfirmDialog
      opened
      title={`Delete ${connection.name}?`}
      action="Delete connector"
      danger
      typeToConfirm={connection.name}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(connection.connectionId)}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text>This cannot be undone. It deletes:</Text>
        <ul style={{ margin: 0, paddingLeft: 20 }}>
          <li>
            {records === undefined
              ? 'everything it read'
              : `the ${formatNumber(records)} ${records === 1 ? 'record' : 'records'} it read`}
            , with their history
          </li>
          <li>the findings about those records, and the decisions on them</li>
          <li>its settings and its credentials, as kept here</li>
        </ul>
        <Text>
          {typeof detail.data?.agent === 'string'
            ? `The collector${detail.data.point === '' ? '' : ` on ${detail.data.point}`} is told that it is no longer wanted and stops. Uninstall it there, and take away its service account. Where another collector reads the same domain, that one reads it anew.`
            : `Nothing changes in ${detail.data?.point ?? 'the system itself'}: remove the access you created there by hand. To keep the data and only stop reading, turn the connector off instead.`}
        </Text>
      </Stack>
    </ConfirmDialog>
  );
}
