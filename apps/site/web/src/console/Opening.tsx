import { Button, Loader } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import type { Session } from '../api/paths.ts';
import { EndButton } from './EndButton.tsx';
import classes from './SessionPage.module.css';

/** From the click to the first picture: what is going on, and what it waits for. */
export function Opening({ session, notes }: { session: Session; notes: readonly string[] }) {
  const isWaiting = session.state === 'waiting';
  return (
    <div className={classes.middle} role="status">
      {isWaiting ? <IconHourglass size={30} stroke={1.5} /> : <Loader />}
      <h1 className={classes.title}>
        {isWaiting ? 'Waiting for somebody to approve the account' : `Opening ${session.item.name}`}
      </h1>
      <p>
        {session.problem ??
          (session.credential === null
            ? `Signing in to ${session.item.hostname}.`
            : `Getting the account from the vault, and signing in to ${session.item.hostname}.`)}
      </p>
      {isWaiting ? <p>The site asks again by itself, and this page opens the session as soon as it may.</p> : null}
      {notes.map((note, index) => (
        <p key={`${index} ${note}`}>{note}</p>
      ))}
      <div className={classes.buttons}>
        {isWaiting ? (
          <Button component="a" href="/console" variant="default">
            Back to the console
          </Button>
        ) : null}
        <EndButton session={session} word="Cancel" />
      </div>
    </div>
  );
}
