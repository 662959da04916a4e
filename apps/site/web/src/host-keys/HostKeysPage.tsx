import {
  ConfirmDialog,
  EmptyState,
  Page,
  ServerList,
  send,
  type TableColumn,
  toast,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type HostKey, paths } from '../api/paths.ts';

/** The keys by which endpoints are known. */
export function HostKeysPage() {
  useCrumbs({ title: 'Host keys' });
  const refresh = useRefresh();
  const [asked, setAsked] = useState<HostKey | null>(null);
  const columns = useMemo(() => columnsOf(setAsked), []);
  const remove = useMutation({
    mutationFn: (id: string) => send('DELETE', `/api/host-keys/${id}`),
    onSuccess: () => {
      void refresh('/api/host-keys');
      toast.done('Host key removed.');
    },
    onError: toast.failed,
    onSettled: () => setAsked(null),
  });
  return (
    <Page
      title="Host keys"
      lead="By its key a session knows that it is with the right endpoint. The first one is taken on trust; another one afterwards is refused."
    >
      <ServerList<HostKey>
        id="site.host-keys"
        label="Host keys"
        columns={columns}
        path={paths.hostKeys}
        rowId={({ id }) => id}
        searchLabel="Search endpoints"
        empty={<EmptyState title="No host key yet">The first session with an endpoint brings its key here.</EmptyState>}
      />
      <ConfirmDialog
        opened={asked !== null}
        title={`Remove the key of ${asked?.endpoint ?? ''}?`}
        action="Remove the key"
        danger
        busy={remove.isPending}
        onConfirm={() => asked !== null && remove.mutate(asked.id)}
        onClose={() => setAsked(null)}
      >
        The next session takes whatever key the endpoint shows then, and trusts it. Do this only after you know why its
        key changed: a machine that was set up anew has another one, and so has somebody who stands in between.
      </ConfirmDialog>
    </Page>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columnsOf = (ask: (key: HostKey) => void): readonly TableColumn<HostKey>[] => [
  { ...plain, name: 'endpoint', title: 'Endpoint', width: 200 },
  { ...plain, name: 'protocol', title: 'Protocol', width: 95, cell: ({ protocol }) => protocol.toUpperCase() },
  {
    ...plain,
    name: 'fingerprint',
    title: 'Fingerprint',
    width: 400,
    cell: ({ fingerprint }) => <code>{fingerprint}</code>,
  },
  { name: 'firstSeenAt', title: 'First seen', type: 'time', sort: false, filter: false, width: 120 },
  { name: 'lastSeenAt', title: 'Last seen', type: 'time', sort: false, filter: false, width: 120 },
  {
    ...{ ...plain, name: 'remove', title: 'Remove', width: 80 },
    cell: (key) => (
      <ActionIcon aria-label={`Remove the key of ${key.endpoint}`} onClick={() => ask(key)}>
        <IconTrash size={16} />
      </ActionIcon>
    ),
  },
];
