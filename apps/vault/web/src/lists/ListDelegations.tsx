import { EmptyState, Section, type TableColumn } from '@gatehouse/ui';
import { Anchor, Button, Checkbox, Group } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { ListDelegation } from '../api/types.ts';
import { PickField } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

const plain = { type: 'text', sort: false, filter: false } as const;

/** Who may use a list, and who may change it. */
export function ListDelegations({ listId }: { listId: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const refresh = ['/api/lists'];
  const put = useSend({ refresh });
  const give = (identityId: string, mayEdit: boolean) =>
    put.mutate(
      { method: 'PUT', path: `/api/lists/${listId}/delegations/${identityId}`, body: { mayEdit } },
      { onSuccess: () => setChosen(null) },
    );
  const columns: readonly TableColumn<ListDelegation>[] = [
    {
      ...{ ...plain, name: 'identity', title: 'Identity', width: 240 },
      cell: ({ identityId, identity }) => (
        <Anchor fz="sm" href={`/identities/${identityId}`}>
          {identity}
        </Anchor>
      ),
    },
    {
      ...{ ...plain, name: 'mayEdit', title: 'May change the list', width: 160 },
      cell: ({ identityId, identity, mayEdit }) => (
        <Checkbox
          size="xs"
          aria-label={`May change the list: ${identity}`}
          checked={mayEdit}
          disabled={put.isPending}
          onChange={(event) => give(identityId, event.currentTarget.checked)}
        />
      ),
    },
    {
      ...{ ...plain, name: 'remove', title: '', width: 60 },
      cell: ({ identityId, identity }) => (
        <RemoveButton
          isIcon
          path={`/api/lists/${listId}/delegations/${identityId}`}
          title={`Let ${identity} use the list no more?`}
          action="Take the list away"
          done="List taken away."
          refresh={refresh}
        >
          It sees none of its accounts any more.
        </RemoveButton>
      ),
    },
  ];
  return (
    <Section title="Delegation" lead="Identities that may use every account of this list.">
      <Group align="flex-end" mb="md">
        <PickField of="identities" label="Identity" value={chosen} onChange={setChosen} />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={put.isPending}
          onClick={() => give(chosen ?? '', false)}
        >
          Let it use the list
        </Button>
      </Group>
      <ServerList<ListDelegation>
        id="list-delegations"
        label="Who may use this list"
        columns={columns}
        path={paths.listDelegations(listId)}
        isPart
        rowId={({ identityId }) => identityId}
        empty={<EmptyState title="Nobody may use this list yet">Choose an identity above.</EmptyState>}
      />
    </Section>
  );
}
