import { ErrorState, LoadingState, useCrumbs } from '@gatehouse/ui';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Session } from '../api/paths.ts';
import { Banners } from './Banners.tsx';
import { Desktop } from './Desktop.tsx';
import { FilesDrawer } from './FilesDrawer.tsx';
import { Opening } from './Opening.tsx';
import { SessionBar } from './SessionBar.tsx';
import { SessionEnd } from './SessionEnd.tsx';
import classes from './SessionPage.module.css';
import type { LineState, SessionLine } from './session-line.ts';
import { useLine } from './use-line.ts';

const Terminal = lazy(() => import('./Terminal.tsx').then(({ Terminal }) => ({ default: Terminal })));

/** A live session in all of the window. Loading the page again comes back to it. */
export function SessionPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { line, state } = useLine(id);
  useCrumbs({ title: state?.session?.item.name ?? 'Session' });
  if (line === null || state === null || (state.session === null && state.error === null))
    return (
      <div className={classes.page} data-full-page>
        <div className={classes.middle}>
          <LoadingState rows={3} />
        </div>
      </div>
    );
  if (state.session === null) return <ErrorState error={state.error} onRetry={line.connect} />;
  return <Shown key={id} line={line} state={state} session={state.session} />;
}

interface ShownProps {
  line: SessionLine;
  state: LineState;
  session: Session;
}

function Shown({ line, state, session }: ShownProps) {
  const [areFilesShown, setFilesShown] = useState(false);
  const { isGuest, dismissed } = state;
  if (session.state === 'ended' || dismissed !== null)
    return (
      <div className={classes.page} data-full-page>
        <SessionEnd session={session} isGuest={isGuest} dismissed={dismissed} />
      </div>
    );
  return (
    <div className={classes.page} data-full-page data-session>
      <SessionBar {...{ session, state }} onFiles={() => setFilesShown(true)} />
      <Banners line={line} state={state} />
      <div className={classes.stage}>
        {session.state === 'open' ? (
          session.item.type === 'shell-jump' ? (
            <Suspense fallback={<LoadingState rows={3} />}>
              <Terminal line={line} clipboard={session.rules.clipboard} isGuest={isGuest} />
            </Suspense>
          ) : (
            <Desktop session={session} />
          )
        ) : (
          <Opening session={session} notes={state.notes} />
        )}
      </div>
      {session.item.type === 'shell-jump' && session.state === 'open' && !isGuest ? (
        <FilesDrawer
          of={session.account === '' ? session.item.name : `${session.account} @ ${session.item.name}`}
          place={{ api: `/api/console/sessions/${session.id}/files`, rules: session.rules, isArranged: true }}
          opened={areFilesShown}
          onClose={() => setFilesShown(false)}
        />
      ) : null}
    </div>
  );
}
