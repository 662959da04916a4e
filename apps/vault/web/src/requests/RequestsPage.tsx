import { EmptyState, Page, RelativeTime, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Anchor } from '@mantine/core';
import { paths } from '../api/paths.ts';
import type { PasswordRequest } from '../api/types.ts';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { StateTag } from '../parts/tags.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<PasswordRequest>[] = [
  { ...plain, name: 'asker', title: 'Asked by', width: 180 },
  {
    ...{ ...plain, name: 'about', title: 'Account', width: 240 },
    cell: ({ credentialId, about }) => (
      <Anchor fz="sm" href={`/credentials/${credentialId}`}>
        {about}
      </Anchor>
    ),
  },
  {
    ...plain,
    name: 'purpose',
    title: 'For',
    width: 110,
    cell: ({ purpose }) => (purpose === 'use' ? 'Use' : 'Reveal'),
  },
  { ...plain, name: 'state', title: 'State', width: 180, cell: ({ state }) => <StateTag state={state} /> },
  { ...plain, name: 'comment', title: 'Why', width: 220 },
  { name: 'createdAt', title: 'Asked', type: 'time', sort: false, filter: false },
  {
    ...{ ...plain, name: 'decidedBy', title: 'Decided by', width: 220 },
    cell: ({ decidedBy, decidedAt, decision }) =>
      decidedBy === null ? (
        '—'
      ) : (
        <span title={decision ?? ''}>
          {decidedBy}, <RelativeTime at={decidedAt} />
        </span>
      ),
  },
];
const choices: readonly Choice[] = [
  {
    ...{ name: 'state', title: 'State', usual: 'open' },
    values: [
      { value: 'open', label: 'Open' },
      { value: 'all', label: 'All' },
    ],
  },
];

/** Who asked for which password, and what was decided. */
export function RequestsPage() {
  useCrumbs({ title: 'Password requests' });
  return (
    <Page
      title="Password requests"
      lead="Whoever has “Grant password requests” on the account decides, on the first page of their own; nobody decides on their own request."
    >
      <ServerList<PasswordRequest>
        id="requests"
        label="Password requests"
        columns={columns}
        path={paths.requests}
        choices={choices}
        every={15_000}
        rowId={({ requestId }) => requestId}
        empty={
          <EmptyState title="No request is open">
            Requests come from identities that have “Request passwords” but not “View passwords”. Choose “All” above to
            see former ones.
          </EmptyState>
        }
      />
    </Page>
  );
}
