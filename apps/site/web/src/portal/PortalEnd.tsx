import { Logo } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { LiveSession } from '../../../src/api/live.ts';
import type { PortalSession } from '../../../src/api/portal.ts';
import { Chat } from '../support/Chat.tsx';
import type { LiveLine, LiveState } from '../support/live-line.ts';
import { Survey } from '../support/Survey.tsx';
import { endWords } from '../support/sentences.ts';
import classes from './Portal.module.css';

interface PortalEndProps {
  session: LiveSession;
  survey: PortalSession['survey'];
  state: LiveState;
  line: LiveLine;
  onAnew(): void;
}

/** The session is over: a question, and what was said. */
export function PortalEnd({ session, survey, state, line, onAnew }: PortalEndProps) {
  const [isAnswered, setAnswered] = useState(survey.length === 0);
  return (
    <div className={classes.entry}>
      <header className={classes.brand}>
        <Logo size={30} />
        <span>
          <b>Thank you</b>
        </span>
      </header>
      <main className={classes.card}>
        <Stack gap="lg">
          <div>
            <h1 className={classes.title}>The session is over</h1>
            <p className={classes.lead}>
              {session.endReason === 'ended_by_customer' ? 'You ended it.' : endWords(session.endReason)} Nobody is
              connected to you any more.
            </p>
          </div>
          {isAnswered ? (
            <p className={classes.done} role="status">
              <IconCircleCheck size={18} aria-hidden="true" /> Thank you. You can close this page.
            </p>
          ) : (
            <Survey questions={survey} address="/api/portal/session/survey" onDone={() => setAnswered(true)} />
          )}
          {state.events.length === 0 ? null : (
            <details className={classes.past}>
              <summary>What was said</summary>
              <div className={classes.transcript}>
                <Chat line={line} state={state} files="/api/portal/session/files" />
              </div>
            </details>
          )}
          <div>
            <Button variant="default" onClick={onAnew}>
              Start another session
            </Button>
          </div>
        </Stack>
      </main>
    </div>
  );
}
