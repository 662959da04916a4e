import { Section, type TableColumn, Tag, useApi } from '@gatehouse/ui';
import { paths } from '../api/paths.ts';
import type { MyEntry } from '../api/types.ts';
import { ServerList } from '../parts/ServerList.tsx';
import { CheckOutEntry } from './CheckOutEntry.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;

/** Accounts of shared lists that the identity may check out; nothing where there are none. */
export function MyEntries() {
  const some = useApi(paths.myEntries({ limit: '1' }));
  const out = useApi(paths.myCheckouts({ limit: '200' }), { every: 10_000 });
  const columns: readonly TableColumn<MyEntry>[] = [
    { ...plain, name: 'accountName', title: 'Account', width: 220 },
    {
      ...{ ...plain, name: 'systemName', title: 'System', width: 180 },
      cell: ({ systemName }) => systemName || 'Everywhere',
    },
    {
      ...{ ...plain, name: 'next', title: 'What you can do', width: 190 },
      cell: (entry) =>
        out.data?.items.some(({ entryId }) => entryId === entry.entryId) ? (
          <Tag tone="medium">Checked out by you</Tag>
        ) : (
          <CheckOutEntry entry={entry} />
        ),
    },
    { ...plain, name: 'listName', title: 'List', width: 180 },
    { ...plain, name: 'comment', title: 'Comment', width: 240 },
  ];
  if (some.data === undefined || some.data.items.length === 0) return null;
  return (
    <Section title="Accounts of shared lists">
      <ServerList<MyEntry>
        id="my-entries"
        label="Accounts of shared lists"
        columns={columns}
        path={paths.myEntries}
        isPart
        rowId={({ entryId }) => entryId}
        searchLabel="Search accounts of shared lists"
        empty={null}
      />
    </Section>
  );
}
