import { EmptyState, type TableColumn } from '@gatehouse/ui';
import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Impersonation } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { CreateMapping } from './CreateMapping.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const link = (id: string, name: string) => (
  <Anchor fz="sm" href={`/identities/${id}`}>
    {name}
  </Anchor>
);
const who: TableColumn<Impersonation> = {
  ...{ ...plain, name: 'identity', title: 'Identity', width: 240 },
  cell: (row) => link(row.identityId, row.identity),
};
const others: readonly TableColumn<Impersonation>[] = [
  {
    ...{ ...plain, name: 'target', title: 'May impersonate', width: 260 },
    cell: (row) => link(row.targetId, row.target),
  },
  {
    ...{ ...plain, name: 'remove', title: '', width: 60 },
    cell: ({ identityId, identity, targetId, target }) => (
      <RemoveButton
        isIcon
        path={`/api/impersonations/${identityId}/${targetId}`}
        title={`Let ${identity} act as ${target} no more?`}
        action="Delete mapping"
        done="Mapping deleted."
        refresh={['/api/impersonations']}
      >
        Requests in that name are refused from now on.
      </RemoveButton>
    ),
  },
];

/** Who may act in whose name: of one identity, or all. */
export function ImpersonationTable({ identityId }: { identityId?: string }) {
  const [isCreating, setCreating] = useState(false);
  const isOne = identityId !== undefined;
  const create = <AddButton onClick={() => setCreating(true)}>Create mapping</AddButton>;
  return (
    <>
      <ServerList<Impersonation>
        id={isOne ? 'impersonations-of-identity' : 'impersonations'}
        label="Impersonation mappings"
        columns={isOne ? others : [who, ...others]}
        path={paths.impersonations}
        fixed={isOne ? { identityId } : {}}
        isPart={isOne}
        rowId={({ identityId: id, targetId }) => `${id} ${targetId}`}
        extra={create}
        empty={
          <EmptyState title="No mapping yet">
            A program such as an Endpoint Credential Manager signs in as one identity and asks in the name of others: it
            needs a mapping to them, or to a role that they have.
          </EmptyState>
        }
      />
      <CreateMapping opened={isCreating} onClose={() => setCreating(false)} {...(isOne ? { identityId } : {})} />
    </>
  );
}
