import { EmptyState, Loaded, Page, Section, Timeline, useApi, useCrumbs } from '@gatehouse/ui';
import { IconCheck, IconX } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import { useParam } from '../parts/address.ts';
import { Entry } from './AuditPage.tsx';

/** Everything under one correlation id, in the order in which it happened: from the request to the rotation. */
export function ErrandPage() {
  const id = useParam('id');
  useCrumbs({ title: 'Audit', href: '/audit' }, { title: 'Errand' });
  const entries = useApi(paths.audit({ correlationId: id, limit: '500' }), { every: 5_000 });
  return (
    <Page title="One errand" lead={`Everything under the correlation id ${id}, oldest first.`}>
      <Section title="What happened">
        <Loaded query={entries}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="Nothing has this correlation id" />
            ) : (
              <Timeline
                label="Entries of this errand"
                entries={items.toReversed().map((entry) => ({
                  id: String(entry.seq),
                  at: entry.at,
                  icon: entry.succeeded ? <IconCheck size={15} /> : <IconX size={15} />,
                  tone: entry.succeeded ? 'good' : 'critical',
                  title: entry.message,
                  note: `${entry.actor} · `,
                  more: <Entry entry={entry} />,
                }))}
              />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
