import { formatDuration } from '@gatehouse/ui';
import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './Room.module.css';

interface TimeLeftProps {
  /** When the site ends it. */
  until: string;
  /** The machine is given back, and the session goes on. */
  isLent: boolean;
}

const warnSeconds = 60;

/** How long the machine stays connected. A minute before the end it is said, and read out. */
export function TimeLeft({ until, isLent }: TimeLeftProps) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, (Date.parse(until) - now) / 1_000);
  const isSoon = seconds <= warnSeconds;
  return (
    <span className={classes.left} data-soon={isSoon ? 'true' : undefined}>
      {/* There from the beginning, so that what comes into it is read out. */}
      <span role="status">
        {isSoon ? (isLent ? 'The machine is disconnected ' : 'The session ends ') : null}
        {isSoon ? <VisuallyHidden>within a minute.</VisuallyHidden> : null}
      </span>
      <span aria-hidden={isSoon}>{isSoon ? `in ${formatDuration(seconds)}` : `${formatDuration(seconds)} left`}</span>
    </span>
  );
}
