import { EmptyState, Page, useCrumbs } from '@gatehouse/ui';
import { paths } from '../api/paths.ts';
import { SessionTable } from './SessionTable.tsx';

/** What this person opened. */
export function OwnSessionsPage() {
  useCrumbs({ title: 'Console', href: '/console' }, { title: 'Your sessions' });
  return (
    <Page title="Your sessions" lead="What you opened or joined, newest first.">
      <SessionTable
        id="site.console.sessions"
        label="Your sessions"
        address={paths.ownSessions}
        file={paths.ownSessionsFile}
        hrefOf={({ id }) => `/console/sessions/${id}`}
        empty={<EmptyState title="You have opened no session yet">Choose an endpoint in the console.</EmptyState>}
      />
    </Page>
  );
}
