import { EmptyState, Loaded, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { supportPaths } from './paths.ts';
import { SessionRows } from './SessionsOf.tsx';

/** Every support session that a desk heard of; what was given up is one click away. */
export function SessionsPage() {
  useCrumbs({ title: 'Support sessions' });
  const [which, setWhich] = useState('all');
  const list = useApi(supportPaths.sessions(which === 'dead' ? { dead: 'true' } : {}), { every: 15_000, keep: true });
  return (
    <Page
      title="Support sessions"
      lead="What sites told, newest first."
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which sessions"
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: 'All' },
            { value: 'dead', label: 'Given up' },
          ]}
        />
      }
    >
      <Section title={which === 'dead' ? 'Given up' : 'Sessions'} flush>
        <Loaded query={list} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={which === 'dead' ? 'Nothing was given up' : 'No support session yet'}>
                {which === 'dead'
                  ? 'Sessions that could not be written to their tickets appear here, and can be tried again.'
                  : 'Make a session key from a case. Whoever comes with it appears here.'}
              </EmptyState>
            ) : (
              <SessionRows rows={items} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
