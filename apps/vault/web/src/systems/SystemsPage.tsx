import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconServer2 } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import type { System } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { choicesOf, kindTitles } from '../parts/words.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
export const systemColumns: readonly TableColumn<System>[] = [
  { ...plain, name: 'name', title: 'System', width: 200 },
  { ...plain, name: 'kind', title: 'Kind', width: 200, cell: ({ kind }) => kindTitles[kind] },
  {
    ...{ ...plain, name: 'address', title: 'Address', width: 220 },
    cell: ({ address, name, port }) => `${address ?? name}${port === null ? '' : `:${port}`}`,
  },
  {
    ...{ ...plain, name: 'trust', title: 'Trust', width: 160 },
    cell: ({ trust }) => (trust.length === 0 ? 'Nothing pinned' : `${trust.length} pinned`),
  },
  { name: 'credentials', title: 'Credentials', type: 'number', sort: false, filter: false },
  { ...plain, name: 'comment', title: 'Comment', width: 240 },
];
const choices: readonly Choice[] = [{ name: 'kind', title: 'Kind', values: choicesOf(kindTitles) }];

/** Computers, domains and databases. */
export function SystemsPage() {
  useCrumbs({ title: 'Systems' });
  const add = <AddButton href="/systems/new">Add system</AddButton>;
  return (
    <Page title="Systems" lead="Computers, domains and databases that have the accounts." actions={add}>
      <ServerList<System>
        id="systems"
        label="Systems"
        columns={systemColumns}
        path={paths.systems}
        choices={choices}
        rowId={({ systemId }) => systemId}
        rowHref={({ systemId }) => `/systems/${systemId}`}
        searchLabel="Search systems"
        empty={
          <EmptyState icon={<IconServer2 size={28} stroke={1.5} />} title="No system yet" actions={add}>
            A system is where accounts are: a Linux host, a domain, a database. Add one, then its accounts.
          </EmptyState>
        }
      />
    </Page>
  );
}
