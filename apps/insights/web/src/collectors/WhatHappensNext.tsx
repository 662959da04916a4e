import { Section } from '@gatehouse/ui';
import classes from '../connections/connections.module.css';

/** What a person can expect after the name is entered. */
export function WhatHappensNext() {
  return (
    <Section title="What happens next">
      <ol className={classes.help}>
        <li>The next page shows the command that installs the collector, and a key that works once.</li>
        <li>
          The connector is <strong>Pending Agent Registration</strong> until the collector sends that key.
        </li>
        <li>
          It turns to <strong>Connected</strong> by itself, and the first read starts. Nothing connects inwards.
        </li>
      </ol>
    </Section>
  );
}
