import type { ReactNode } from 'react';
import classes from './Tag.module.css';

export type Tone = 'critical' | 'high' | 'medium' | 'low' | 'good' | 'quiet';

/** A word with an icon on a soft ground. Colour repeats what icon and word say; it never says it alone. */
export function Tag({
  tone,
  icon,
  children,
  title,
}: {
  tone: Tone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string | undefined;
}) {
  return (
    <span className={classes.tag} data-tone={tone} title={title}>
      {icon}
      <span className={classes.word}>{children}</span>
    </span>
  );
}
