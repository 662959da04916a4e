import {
  ErrorState,
  Loaded,
  Notice,
  Page,
  Problem,
  RelativeTime,
  Tag,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { useRouter } from '@tanstack/react-router';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { type Connection, type DeskKind, supportPaths } from '../support/paths.ts';
import { ConnectionForm } from './ConnectionForm.tsx';
import { EventsAddress } from './EventsAddress.tsx';
import { Guide } from './Guide.tsx';
import { SetUpPanel } from './SetUpPanel.tsx';

/** One connection: whether it works, what the site and the desk need, and everything that is set. */
export function ConnectionPage() {
  const connectionId = useParam('connectionId');
  const connection = useApi(supportPaths.connection(connectionId));
  const desks = useApi(supportPaths.desks);
  useCrumbs({ title: 'Connections', href: '/connections' }, { title: connection.data?.name ?? '…' });
  return (
    <Loaded query={connection} rows={6} height={44}>
      {(found) => (
        <Loaded query={desks} rows={6} height={44}>
          {({ items }) => {
            const desk = items.find(({ id }) => id === found.desk);
            return desk === undefined ? (
              <ErrorState error={new Problem(0, 'This adapter is not part of this installation')} />
            ) : (
              <Known key={found.connectionId} connection={found} desk={desk} />
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

function Known({ connection, desk }: { connection: Connection; desk: DeskKind }) {
  const { history } = useRouter();
  const refresh = useRefresh();
  const { connectionId, name, site, dead, enabled, lastEventAt } = connection;
  const path = supportPaths.connection(connectionId);
  return (
    <Page
      title={name}
      aside={enabled ? <Tag tone="good">On</Tag> : <Tag tone="quiet">Switched off</Tag>}
      lead={
        <>
          {desk.name}, {site}.{' '}
          {lastEventAt === null ? (
            'No event came yet.'
          ) : (
            <>
              Last event <RelativeTime at={lastEventAt} />.
            </>
          )}
        </>
      }
      actions={
        <RemoveButton
          path={path}
          title={`Remove ${name}?`}
          action="Remove connection"
          done="Connection removed."
          refresh={['/api/own-connections']}
          onDone={() => {
            void refresh('/api/connections', path);
            history.push('/connections');
          }}
        >
          Its events and what is known of its sessions are forgotten, and the address for events ends. Tickets stay as
          they are.
        </RemoveButton>
      }
    >
      {dead === 0 ? null : (
        <Notice tone="critical" title={dead === 1 ? 'One session was given up' : `${dead} sessions were given up`}>
          <a href={`/support?dead=true&connectionId=${connectionId}`}>See why, and try again</a>
        </Notice>
      )}
      {desk.hasSetUp ? <SetUpPanel connectionId={connectionId} /> : null}
      <EventsAddress connectionId={connectionId} name={name} />
      <ConnectionForm desk={desk} known={connection} />
      <Guide desk={desk} />
    </Page>
  );
}
