import { EmptyState, Loaded, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { SegmentedControl } from '@mantine/core';
import { usePlace } from '../parts/address.ts';
import { Paging } from '../parts/Paging.tsx';
import { supportPaths } from './paths.ts';
import { SessionRows } from './SessionsOf.tsx';

const filters = ['dead', 'connectionId'];

/** Every support session that a desk heard of; what was given up is one click away. */
export function SessionsPage() {
  useCrumbs({ title: 'Support sessions' });
  const [{ view, picked }, place] = usePlace(filters);
  const isDead = picked.dead === 'true';
  const list = useApi(supportPaths.sessions({ ...picked, cursor: view.cursor ?? '' }), { every: 15_000, keep: true });
  return (
    <Page
      title="Support sessions"
      lead="What sites told, newest first."
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which sessions"
          value={isDead ? 'dead' : 'all'}
          onChange={(value) => place({ picked: { ...picked, dead: value === 'dead' ? 'true' : '' } })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'dead', label: 'Given up' },
          ]}
        />
      }
    >
      <Section title={isDead ? 'Given up' : 'Sessions'} flush>
        <Loaded query={list} rows={5}>
          {({ items, next }) => (
            <>
              {items.length === 0 ? (
                <EmptyState title={isDead ? 'Nothing was given up' : 'No support session yet'}>
                  {isDead
                    ? 'Sessions that could not be written to their tickets appear here, and can be tried again.'
                    : 'Make a session key from a case. Whoever comes with it appears here.'}
                </EmptyState>
              ) : (
                <SessionRows rows={items} />
              )}
              <Paging filters={filters} next={next} />
            </>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}
