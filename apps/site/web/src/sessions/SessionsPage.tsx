import { EmptyState, Page, useCrumbs } from '@gatehouse/ui';
import { Switch } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import { SessionTable } from '../console/SessionTable.tsx';

/** Reports > Sessions: everybody's. */
export function SessionsPage() {
  useCrumbs({ title: 'Sessions' });
  const [isLive, setLive] = useState(false);
  const [isHeld, setHeld] = useState(false);
  return (
    <Page title="Sessions" lead="Who had a session with what, as whom, and how it ended. Newest first.">
      <SessionTable
        key={`${isLive} ${isHeld}`}
        id="site.sessions"
        label="Sessions"
        address={paths.sessions}
        hrefOf={({ id }) => `/login/sessions/${id}`}
        file={paths.sessionsFile}
        filters={{ ...(isLive ? { live: 'true' } : {}), ...(isHeld ? { held: 'true' } : {}) }}
        extra={
          <>
            <Switch label="Live only" checked={isLive} onChange={(event) => setLive(event.currentTarget.checked)} />
            <Switch label="On hold" checked={isHeld} onChange={(event) => setHeld(event.currentTarget.checked)} />
          </>
        }
        empty={
          <EmptyState
            title={isHeld ? 'No session is on hold' : isLive ? 'No session is live' : 'There was no session yet'}
          >
            People open them in the console.
          </EmptyState>
        }
      />
    </Page>
  );
}
