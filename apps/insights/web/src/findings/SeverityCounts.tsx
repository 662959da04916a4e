import { formatNumber, wordsOf } from '@gatehouse/ui';
import { IconAlertOctagonFilled, IconChevronDown, IconChevronsUp, IconEqual } from '@tabler/icons-react';
import classes from './SeverityCounts.module.css';

const marks = {
  critical: <IconAlertOctagonFilled size={12} />,
  high: <IconChevronsUp size={12} stroke={2.5} />,
  medium: <IconEqual size={12} stroke={2.5} />,
  low: <IconChevronDown size={12} stroke={2.5} />,
} as const;

/** How many findings of each severity; a severity without any is quiet. */
export function SeverityCounts({ findings }: { findings: Readonly<Record<keyof typeof marks, number>> }) {
  return (
    <ul className={classes.counts} aria-label="Open findings by severity">
      {(['critical', 'high', 'medium', 'low'] as const).map((severity) => (
        <li
          key={severity}
          className={classes.one}
          data-severity={findings[severity] > 0 ? severity : undefined}
          title={`${wordsOf(severity)}: ${formatNumber(findings[severity])}`}
        >
          {marks[severity]}
          <span className={classes.word}>{wordsOf(severity)}</span>
          {formatNumber(findings[severity])}
        </li>
      ))}
    </ul>
  );
}
