import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { RelativeTime } from './RelativeTime.tsx';
import type { Tone } from './Tag.tsx';
import classes from './Timeline.module.css';

export interface TimelineEntry {
  readonly id: string;
  readonly at: string;
  readonly icon: ReactNode;
  readonly tone: Tone;
  readonly title: ReactNode;
  /** Small words beside the time: who did it, which stream. */
  readonly note?: ReactNode;
  /** Shown when the entry is opened; an entry without has nothing to open. */
  readonly more?: ReactNode;
  readonly isOpen?: boolean;
}

/** What happened, newest first; entries that have more to say can be opened. */
export function Timeline({ entries, label }: { entries: readonly TimelineEntry[]; label: string }) {
  return (
    <ol className={classes.timeline} aria-label={label}>
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const [isOpen, setOpen] = useState(entry.isOpen ?? false);
  const panel = useId();
  const title = <span className={classes.title}>{entry.title}</span>;
  return (
    <li className={classes.entry}>
      <span className={classes.bullet} data-tone={entry.tone}>
        {entry.icon}
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          {entry.more === undefined ? (
            title
          ) : (
            <UnstyledButton
              className={classes.opener}
              aria-expanded={isOpen}
              aria-controls={panel}
              onClick={() => setOpen(!isOpen)}
            >
              {title}
              <IconChevronRight size={15} className={classes.chevron} aria-hidden="true" />
            </UnstyledButton>
          )}
          <span className={classes.note}>
            {entry.note}
            <RelativeTime at={entry.at} />
          </span>
        </div>
        {entry.more === undefined ? null : (
          <div id={panel} hidden={!isOpen} className={classes.more}>
            {isOpen ? entry.more : null}
          </div>
        )}
      </div>
    </li>
  );
}
