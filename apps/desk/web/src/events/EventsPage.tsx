import { EmptyState, Facts, Loaded, Notice, Page, RelativeTime, Section, Tag, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconBroadcast, IconRefresh } from '@tabler/icons-react';
import { usePlace } from '../parts/address.ts';
import { Paging } from '../parts/Paging.tsx';
import parts from '../parts/Parts.module.css';
import { useSend } from '../parts/use-send.ts';
import { type SiteEvent, supportPaths } from '../support/paths.ts';
import classes from './Events.module.css';

const filters = ['problems', 'connectionId'];

/** What sites told, as it came. */
export function EventsPage() {
  useCrumbs({ title: 'Events' });
  const [{ view, picked }, place] = usePlace(filters);
  const isProblems = picked.problems === 'true';
  const connections = useApi(supportPaths.connections);
  const list = useApi(supportPaths.events({ ...picked, cursor: view.cursor ?? '' }), { every: 15_000, keep: true });
  return (
    <Page
      title="Events"
      lead="What sites told, newest first."
      actions={
        <>
          <Select
            size="xs"
            aria-label="Connection"
            placeholder="Connection: any"
            clearable
            clearButtonProps={{ 'aria-label': 'Any connection' }}
            data={(connections.data?.items ?? []).map(({ connectionId, name }) => ({
              value: connectionId,
              label: name,
            }))}
            value={picked.connectionId || null}
            onChange={(value) => place({ picked: { ...picked, connectionId: value ?? '' } })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Which events"
            value={isProblems ? 'problems' : 'all'}
            onChange={(value) => place({ picked: { ...picked, problems: value === 'problems' ? 'true' : '' } })}
            data={[
              { value: 'all', label: 'All' },
              { value: 'problems', label: 'Problems' },
            ]}
          />
        </>
      }
    >
      <Section title={isProblems ? 'Nothing could be made of these' : 'Events'} flush>
        <Loaded query={list} rows={5}>
          {({ items, next }) => (
            <>
              {items.length === 0 ? (
                <EmptyState
                  icon={<IconBroadcast size={28} stroke={1.5} />}
                  title={isProblems ? 'Something could be made of every event' : 'No event yet'}
                >
                  {isProblems
                    ? 'Events that miss what every event has appear here.'
                    : 'Enter the address of a connection on the site, under Management > Outbound Events. What the site tells from then on appears here.'}
                </EmptyState>
              ) : (
                <ul className={parts.plain} aria-label="Events">
                  {items.map((event) => (
                    <Row key={event.eventId} event={event} />
                  ))}
                </ul>
              )}
              <Paging filters={filters} next={next} />
            </>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function Row({ event }: { event: SiteEvent }) {
  const { eventId, connectionId, lsid, problem, sender, receivedAt, parameters } = event;
  const replay = useSend({ refresh: ['/api/support-sessions'], done: 'It is worked on again.' });
  return (
    <li className={classes.event}>
      <details>
        <summary className={classes.summary}>
          <b>{event.event || 'Without a name'}</b>
          <span className={parts.quiet}>{lsid.slice(0, 8)}</span>
          <span className={parts.quiet}>
            <RelativeTime at={receivedAt} />
          </span>
          {problem === '' ? <Tag tone="good">Taken</Tag> : <Tag tone="medium">Problem</Tag>}
        </summary>
        <div className={classes.inside}>
          {problem === '' ? null : (
            <Notice tone="medium" title="Nothing could be made of it">
              {problem}
            </Notice>
          )}
          <Facts
            facts={[
              { title: 'Came from', value: sender },
              ...Object.entries(parameters).map(([title, value]) => ({ title, value })),
            ]}
          />
          {problem === '' ? (
            <div className={classes.acts}>
              <Button component="a" variant="default" size="compact-sm" href={`/support/${connectionId}/${lsid}`}>
                Open the session
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconRefresh size={14} />}
                loading={replay.isPending}
                onClick={() => replay.mutate({ method: 'POST', path: `/api/events/${eventId}/replay`, body: {} })}
              >
                Work on it again
              </Button>
            </div>
          ) : null}
        </div>
      </details>
    </li>
  );
}
