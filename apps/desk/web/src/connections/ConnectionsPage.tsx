import { EmptyState, Loaded, Page, RelativeTime, Section, Tag, useApi, useCrumbs } from '@gatehouse/ui';
import { IconPlugConnected } from '@tabler/icons-react';
import { AddButton } from '../parts/AddButton.tsx';
import classes from '../parts/Parts.module.css';
import { type Connection, supportPaths } from '../support/paths.ts';

/** The desks that sessions are written to, each with the site that they come from. */
export function ConnectionsPage() {
  useCrumbs({ title: 'Connections' });
  const connections = useApi(supportPaths.connections, { every: 30_000 });
  const desks = useApi(supportPaths.desks);
  const add = <AddButton href="/connections/new">Add connection</AddButton>;
  const nameOf = (desk: string) => desks.data?.items.find(({ id }) => id === desk)?.name ?? desk;
  return (
    <Page title="Connections" lead="Which desk has the tickets of which site, and how sessions are told." actions={add}>
      <Section title="Connected desks" flush>
        <Loaded query={connections} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<IconPlugConnected size={28} stroke={1.5} />} title="No connection yet" actions={add}>
                Add a site first, then connect a desk to it: the one of this program, or your own.
              </EmptyState>
            ) : (
              <ul className={classes.plain} aria-label="Connections">
                {items.map((one) => (
                  <li key={one.connectionId} className={classes.row}>
                    <a href={`/connections/${one.connectionId}`}>{one.name}</a>
                    <span className={classes.quiet}>
                      {nameOf(one.desk)}, {one.site}
                    </span>
                    <span className={classes.quiet}>
                      {one.lastEventAt === null ? 'No event yet' : <RelativeTime at={one.lastEventAt} />}
                    </span>
                    <StateOf connection={one} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

function StateOf({ connection: { enabled, dead } }: { connection: Connection }) {
  if (!enabled) return <Tag tone="quiet">Switched off</Tag>;
  return dead === 0 ? <Tag tone="good">On</Tag> : <Tag tone="critical">{`${dead} given up`}</Tag>;
}
