import { ErrorState, Facts, Loaded, OutsideLink, Page, Problem, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { useParams } from '@tanstack/react-router';
import { KeyPanel } from './KeyPanel.tsx';
import { LaunchPanel } from './LaunchPanel.tsx';
import { supportPaths } from './paths.ts';
import { SessionsOf } from './SessionsOf.tsx';

/** Where the link in a ticket leads. Opening it makes nothing: links are also opened by machines. */
export function StartPage() {
  const { connectionId = '', ticket = '' } = useParams({ strict: false }) as { connectionId?: string; ticket?: string };
  useCrumbs({ title: 'Start a session' });
  const found = useApi(supportPaths.ticket(connectionId, ticket), { once: true });
  if (found.error instanceof Problem && found.error.status === 404)
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <Loaded query={found} rows={5}>
      {(one) => (
        <Page
          title={`${one.number}: ${one.subject}`}
          lead={<OutsideLink url={one.url} title={`Open it in ${one.connection} (${one.desk})`} />}
        >
          <Facts
            narrow
            facts={[
              { title: 'Customer', value: one.requester ?? one.requesterEmail ?? '—' },
              { title: 'Assigned to', value: one.assignee ?? '—' },
              { title: 'Status', value: one.status },
            ]}
          />
          <Section title="Session key" lead="The customer enters it on the support page, or opens the link.">
            <KeyPanel connectionId={connectionId} ticket={one} />
          </Section>
          <Section title="Jump Client" lead="A machine that is pinned to the site needs nobody in front of it.">
            <LaunchPanel connectionId={connectionId} ticket={one} />
          </Section>
          <Section title="Support sessions">
            <SessionsOf connectionId={connectionId} ticketId={one.id} />
          </Section>
        </Page>
      )}
    </Loaded>
  );
}
