import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconStack2 } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { ManagementSet } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<ManagementSet>[] = [
  { ...plain, name: 'name', title: 'Management set', width: 240 },
  { name: 'systems', title: 'Systems', type: 'number', sort: false, filter: false },
  { ...plain, name: 'comment', title: 'Comment', width: 320 },
  { name: 'createdAt', title: 'Added', type: 'time', sort: false, filter: false },
];
export const setFields: readonly FieldSpec[] = [
  { name: 'name', title: 'Name', required: true },
  { name: 'comment', title: 'Comment', kind: 'area' },
];

/** Systems that are delegated and exported together. */
export function SetsPage() {
  useCrumbs({ title: 'Management sets' });
  const { history } = useRouter();
  const [isAdding, setAdding] = useState(false);
  const add = <AddButton onClick={() => setAdding(true)}>Add management set</AddButton>;
  return (
    <Page
      title="Management sets"
      lead="Systems that are delegated together: rights on a set are rights on all its accounts."
      actions={add}
    >
      <ServerList<ManagementSet>
        id="sets"
        label="Management sets"
        columns={columns}
        path={paths.sets}
        rowId={({ setId }) => setId}
        rowHref={({ setId }) => `/sets/${setId}`}
        searchLabel="Search management sets"
        empty={
          <EmptyState icon={<IconStack2 size={28} stroke={1.5} />} title="No management set yet" actions={add}>
            Make one for systems that the same people look after, such as “Linux servers”.
          </EmptyState>
        }
      />
      <FormDialog<ManagementSet>
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="Add management set"
        fields={setFields}
        method="POST"
        path="/api/sets"
        action="Add management set"
        refresh={['/api/sets']}
        onDone={({ setId }) => history.push(`/sets/${setId}`)}
      />
    </Page>
  );
}
