import { EmptyState, type ListChoice, Page, useCrumbs } from '@gatehouse/ui';
import { paths } from '../api/paths.ts';
import { SessionTable } from '../console/SessionTable.tsx';

const choices: readonly ListChoice[] = [
  { name: 'live', title: 'Live only', toggle: 'true' },
  { name: 'held', title: 'On hold', toggle: 'true' },
];

/** Reports > Sessions: everybody's. */
export function SessionsPage() {
  useCrumbs({ title: 'Sessions' });
  return (
    <Page title="Sessions" lead="Who had a session with what, as whom, and how it ended. Newest first.">
      <SessionTable
        id="site.sessions"
        label="Sessions"
        address={paths.sessions}
        hrefOf={({ id }) => `/login/sessions/${id}`}
        file={paths.sessionsFile}
        choices={choices}
        empty={<EmptyState title="There was no session yet">People open them in the console.</EmptyState>}
      />
    </Page>
  );
}
