import { EmptyState, Page, type TableColumn, useApi, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconInbox, IconUserCheck } from '@tabler/icons-react';
import { type CaseRow, paths } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { StatusTag, statusWords, tableWords } from './words.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const number: TableColumn<CaseRow> = { ...plain, name: 'number', title: 'Number', width: 100 };
const subject: TableColumn<CaseRow> = { ...plain, name: 'subject', title: 'Subject', width: 270 };
const status: TableColumn<CaseRow> = {
  ...{ ...plain, name: 'status', title: 'Status', width: 115 },
  cell: (row) => <StatusTag status={row.status} />,
};
const changed: TableColumn<CaseRow> = { ...plain, name: 'changedAt', title: 'Changed', type: 'time', width: 115 };
const ofCustomer = [number, subject, status, changed];
const ofDesk: readonly TableColumn<CaseRow>[] = [
  ...[number, subject, status],
  { ...plain, name: 'requester', title: 'Requester', width: 150, cell: ({ requester }) => requester?.name ?? '—' },
  { ...plain, name: 'assignee', title: 'Assignee', width: 140, cell: ({ assignee }) => assignee?.name ?? 'Nobody' },
  { ...plain, name: 'team', title: 'Team', width: 120, cell: ({ team }) => team?.name ?? '—' },
  changed,
  {
    ...{ ...plain, name: 'table', title: 'Table', width: 140, shown: false },
    cell: ({ table }) => tableWords[table],
  },
];

const toValues = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
const tables: Choice = { name: 'table', title: 'Table', values: toValues(tableWords) };
const statuses: Choice = {
  ...{ name: 'status', title: 'Status' },
  values: [{ value: 'unresolved', label: 'Not resolved' }, ...toValues(statusWords)],
};

/** Every case of the desk; a customer's own. */
export function CasesPage() {
  useCrumbs({ title: 'Cases' });
  const me = useMe();
  const isDesk = me?.isCustomer === false;
  const people = useApi(paths.people({ assignable: 'true', limit: '200' }), { enabled: isDesk });
  const teams = useApi(paths.teams({ limit: '200' }), { enabled: isDesk });
  const named = (items: readonly { readonly id: string; readonly name: string }[] = []) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  const assignees: Choice = {
    ...{ name: 'assignee', title: 'Assignee' },
    values: [
      ...(me === undefined || me.id === '' ? [] : [{ value: 'me', label: 'Me' }]),
      { value: 'none', label: 'Nobody' },
      ...named(people.data?.items),
    ],
  };
  const groups: Choice = {
    ...{ name: 'team', title: 'Team' },
    values: [{ value: 'none', label: 'No team' }, ...named(teams.data?.items)],
  };
  const add = <AddButton href="/cases/new">New case</AddButton>;
  return (
    <Page
      title="Cases"
      lead={isDesk ? 'Support and helpdesk cases, those that changed last first.' : 'What you asked for help with.'}
      actions={
        <>
          {isDesk && me.id !== '' ? (
            <Button
              component="a"
              href="/cases?assignee=me&status=unresolved"
              variant="default"
              leftSection={<IconUserCheck size={16} />}
            >
              My cases
            </Button>
          ) : null}
          {add}
        </>
      }
    >
      <ServerList<CaseRow>
        key={isDesk ? 'desk' : 'customer'}
        id={isDesk ? 'cases' : 'own-cases'}
        label="Cases"
        columns={isDesk ? ofDesk : ofCustomer}
        path={paths.cases}
        choices={isDesk ? [statuses, assignees, groups, tables] : [statuses]}
        rowId={({ id }) => id}
        rowHref={(row) => `/cases/${row.number}`}
        every={60_000}
        {...(isDesk ? { searchLabel: 'Search cases' } : {})}
        empty={
          <EmptyState icon={<IconInbox size={28} stroke={1.5} />} title="No case yet" actions={add}>
            {isDesk
              ? 'Whoever asks for help gets one; support sessions can make them, too.'
              : 'Make one to ask for help.'}
          </EmptyState>
        }
      />
    </Page>
  );
}
