import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconLockCheck } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import type { Policy } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Policy>[] = [
  { ...plain, name: 'name', title: 'Password policy', width: 240 },
  { ...plain, name: 'length', title: 'Length', width: 100, cell: ({ rules }) => String(rules.length) },
  { ...plain, name: 'bits', title: 'Strength', width: 120, cell: ({ bits }) => `${bits} bits` },
  { name: 'credentials', title: 'Credentials', type: 'number', sort: false, filter: false },
  { name: 'createdAt', title: 'Added', type: 'time', sort: false, filter: false },
];

/** How the vault makes passwords. */
export function PoliciesPage() {
  useCrumbs({ title: 'Password policies' });
  const add = <AddButton href="/policies/new">Add policy</AddButton>;
  return (
    <Page
      title="Password policies"
      lead="How passwords are made: length, classes, symbols, first and last character."
      actions={add}
    >
      <ServerList<Policy>
        id="policies"
        label="Password policies"
        columns={columns}
        path={paths.policies}
        rowId={({ policyId }) => policyId}
        rowHref={({ policyId }) => `/policies/${policyId}`}
        searchLabel="Search policies"
        empty={
          <EmptyState icon={<IconLockCheck size={28} stroke={1.5} />} title="No policy yet" actions={add}>
            Credentials without one use the vault’s own: 24 characters and more of every class. Add one for systems that
            take less.
          </EmptyState>
        }
      />
    </Page>
  );
}
