import {
  EmptyState,
  formatNumber,
  Page,
  RelativeTime,
  RemoveButton,
  ServerList,
  type TableColumn,
  useCrumbs,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { paths, type SessionKey } from '../api/paths.ts';

/** Support > Session keys: those that open a session still. */
export function SessionKeysPage() {
  useCrumbs({ title: 'Session keys' });
  return (
    <Page
      title="Session keys"
      lead="Who made a key for which queue, and until when it opens a session. The keys themselves are shown to nobody again."
    >
      <ServerList<SessionKey>
        id="site.session-keys"
        label="Session keys"
        columns={columns}
        path={paths.sessionKeys}
        every={15_000}
        rowId={({ id }) => String(id)}
        searchLabel="Search session keys"
        empty={
          <EmptyState
            title="No session key is valid"
            actions={
              <Button component="a" href="/console/support">
                To remote support
              </Button>
            }
          >
            Representatives make keys in the console, and programs over the Command API. Each opens one session and
            stands here until then.
          </EmptyState>
        }
      />
    </Page>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<SessionKey>[] = [
  { name: 'id', title: 'Key', type: 'text', sort: false, filter: false, width: 70, cell: ({ id }) => `#${id}` },
  { ...plain, name: 'madeBy', title: 'Made by', width: 160 },
  { ...plain, name: 'madeAt', title: 'Made', width: 110, cell: ({ madeAt }) => <RelativeTime at={madeAt} /> },
  { ...plain, name: 'queueName', title: 'Queue', width: 150 },
  { ...plain, name: 'issue', title: 'Issue', width: 110 },
  { ...plain, name: 'externalKey', title: 'Ticket', width: 110 },
  {
    ...{ ...plain, name: 'expiresAt', title: 'Valid until', width: 120 },
    cell: ({ expiresAt }) => <RelativeTime at={expiresAt} />,
  },
  {
    ...{ ...plain, name: 'uses', title: 'Used', width: 80 },
    cell: ({ uses, mostUses }) => `${formatNumber(uses)} of ${formatNumber(mostUses)}`,
  },
  {
    ...{ ...plain, name: 'revoke', title: 'Revoke', width: 80 },
    cell: ({ id, madeBy }) => (
      <RemoveButton
        isIcon
        path={`/api/session-keys/${id}`}
        title={`Revoke session key #${id} of ${madeBy}?`}
        action="Revoke the key"
        done="Session key revoked."
        refresh={['/api/session-keys']}
      >
        Whoever has the key or its link cannot begin a session with it any more. Sessions that began with it go on. This
        cannot be undone; make a new key instead.
      </RemoveButton>
    ),
  },
];
