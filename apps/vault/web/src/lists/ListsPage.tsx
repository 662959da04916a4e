import { EmptyState, Page, type TableColumn, useCrumbs, usePerson } from '@gatehouse/ui';
import { IconListDetails } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { SharedList } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<SharedList>[] = [
  { ...plain, name: 'name', title: 'List', width: 240 },
  { name: 'entries', title: 'Accounts', type: 'number', sort: false, filter: false },
  { name: 'mayEdit', title: 'You may change it', type: 'flag', sort: false, filter: false, width: 150 },
  { ...plain, name: 'comment', title: 'Comment', width: 320 },
];
export const listFields: readonly FieldSpec[] = [
  { name: 'name', title: 'Name', required: true },
  { name: 'comment', title: 'Comment', kind: 'area' },
];

/** Lists of accounts with free-text system names: all for administrators, for others those that were given to them. */
export function ListsPage() {
  useCrumbs({ title: 'Shared credential lists' });
  const { history } = useRouter();
  const isAdministrator = usePerson().systemAdministrator;
  const [isAdding, setAdding] = useState(false);
  const add = isAdministrator ? <AddButton onClick={() => setAdding(true)}>Add list</AddButton> : null;
  return (
    <Page
      title="Shared credential lists"
      lead="Accounts of what the vault does not manage itself, such as routers or web sites, given to identities list by list."
      actions={add}
    >
      <ServerList<SharedList>
        id="lists"
        label="Shared credential lists"
        columns={columns}
        path={paths.lists}
        rowId={({ listId }) => listId}
        rowHref={({ listId }) => `/lists/${listId}`}
        searchLabel="Search lists"
        empty={
          <EmptyState icon={<IconListDetails size={28} stroke={1.5} />} title="No list yet" actions={add}>
            {isAdministrator
              ? 'Make one, add accounts to it, and say who may use it.'
              : 'No list was given to you. An administrator of the vault can do that.'}
          </EmptyState>
        }
      />
      <FormDialog<SharedList>
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="Add list"
        fields={listFields}
        method="POST"
        path="/api/lists"
        action="Add list"
        refresh={['/api/lists']}
        onDone={({ listId }) => history.push(`/lists/${listId}`)}
      />
    </Page>
  );
}
