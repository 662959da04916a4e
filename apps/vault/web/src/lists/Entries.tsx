import { EmptyState, type FormValues, Section, type TableColumn, useApi } from '@gatehouse/ui';
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { ListEntry, SharedList } from '../api/types.ts';
import { SecretFields, secretOf } from '../credentials/SecretFields.tsx';
import { CheckOutEntry } from '../home/CheckOutEntry.tsx';
import { AddButton } from '../parts/AddButton.tsx';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<ListEntry>[] = [
  {
    ...{ ...plain, name: 'systemName', title: 'System', width: 220 },
    cell: ({ systemName }) => systemName || 'Everywhere',
  },
  { ...plain, name: 'accountName', title: 'Account', width: 220 },
  { ...plain, name: 'comment', title: 'Comment', width: 280 },
  { name: 'secretAt', title: 'Last change', type: 'time', sort: false, filter: false },
];
const fields: readonly FieldSpec[] = [
  {
    ...{ name: 'systemName', title: 'System' },
    description: 'Free text: a host, or words such as “Routers, 2nd floor”. Left empty: good everywhere.',
  },
  { name: 'accountName', title: 'Account', required: true, description: 'Also with its domain: CORP\\netadmin.' },
  { name: 'comment', title: 'Comment', kind: 'area' },
];

/** The accounts of a list; who may change it also adds, changes and takes them out. */
export function Entries({ list: { listId, mayEdit } }: { list: SharedList }) {
  const [edited, setEdited] = useState<ListEntry | 'new' | null>(null);
  const refresh = ['/api/lists'];
  const change: TableColumn<ListEntry> = {
    ...{ ...plain, name: 'change', title: '', width: 90 },
    cell: (entry) => (
      <Group gap={4} wrap="nowrap">
        <Tooltip label="Edit">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Edit ${entry.accountName}`}
            onClick={() => setEdited(entry)}
          >
            <IconPencil size={16} />
          </ActionIcon>
        </Tooltip>
        <RemoveButton
          isIcon
          path={`/api/lists/${listId}/entries/${entry.entryId}`}
          title={`Take ${entry.accountName} out of the list?`}
          action="Take out"
          done="Account taken out of the list."
          refresh={refresh}
        >
          Its password is deleted with it.
        </RemoveButton>
      </Group>
    ),
  };
  const usable = useApi(paths.myEntries({ listId, limit: '500' }));
  const use: TableColumn<ListEntry> = {
    ...{ ...plain, name: 'use', title: 'What you can do', width: 150 },
    cell: (entry) =>
      usable.data?.items.some(({ entryId }) => entryId === entry.entryId) ? <CheckOutEntry entry={entry} /> : '—',
  };
  const shown = usable.data?.items.length ? [...columns, use] : columns;
  const add = mayEdit ? <AddButton onClick={() => setEdited('new')}>Add account</AddButton> : null;
  const isNew = edited === 'new';
  const { entryId = '', systemName = '', accountName = '', comment = '' } = edited === 'new' ? {} : (edited ?? {});
  return (
    <Section title="Accounts" actions={add}>
      <ServerList<ListEntry>
        id="entries"
        label="Accounts of this list"
        columns={mayEdit ? [...shown, change] : shown}
        path={paths.entries(listId)}
        isPart
        rowId={(entry) => entry.entryId}
        searchLabel="Search accounts"
        empty={
          <EmptyState title="No account in this list yet" actions={add}>
            {mayEdit ? 'Add the first with its password.' : 'Whoever may change the list can add some.'}
          </EmptyState>
        }
      />
      <FormDialog
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={isNew ? 'Add account' : `Edit ${accountName}`}
        fields={fields}
        start={isNew ? { secretFrom: 'entered' } : { systemName, accountName, comment, secretFrom: 'none' }}
        method={isNew ? 'POST' : 'PATCH'}
        path={`/api/lists/${listId}/entries${isNew ? '' : `/${entryId}`}`}
        action={isNew ? 'Add account' : 'Save'}
        done={isNew ? 'Account added.' : 'Account saved.'}
        refresh={refresh}
        toBody={toBody}
        more={(values, set, errors) => (
          <SecretFields
            values={values}
            set={set}
            errors={errors}
            type="custom"
            policyId={null}
            {...(isNew ? {} : { keeps: true })}
          />
        )}
      />
    </Section>
  );
}

const toBody = ({ secretFrom, secretValue, ...body }: FormValues): FormValues =>
  secretFrom === undefined || secretFrom === 'none' ? body : { ...body, secret: secretOf({ secretFrom, secretValue }) };
