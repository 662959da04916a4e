import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconTerminal2 } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import type { CustomPlatform } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { howTitles } from './how.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<CustomPlatform>[] = [
  { ...plain, name: 'name', title: 'Custom platform', width: 240 },
  { ...plain, name: 'how', title: 'How', width: 200, cell: ({ rules }) => howTitles[rules.how] },
  { name: 'systems', title: 'Systems', type: 'number', sort: false, filter: false },
  { ...plain, name: 'comment', title: 'Comment' },
];

/** Kinds of systems that the vault does not know by itself. */
export function PlatformsPage() {
  useCrumbs({ title: 'Custom platforms' });
  const add = <AddButton href="/platforms/new">Add platform</AddButton>;
  return (
    <Page
      title="Custom platforms"
      lead="How passwords are verified and changed, over SSH, on systems that the vault does not know by itself."
      actions={add}
    >
      <ServerList<CustomPlatform>
        id="platforms"
        label="Custom platforms"
        columns={columns}
        path={paths.platforms}
        rowId={({ platformId }) => platformId}
        rowHref={({ platformId }) => `/platforms/${platformId}`}
        searchLabel="Search platforms"
        empty={
          <EmptyState icon={<IconTerminal2 size={28} stroke={1.5} />} title="No custom platform yet" actions={add}>
            Add one for switches, storage and whatever else keeps passwords of its own and answers SSH.
          </EmptyState>
        }
      />
    </Page>
  );
}
