import { WordBadge } from '../badges.tsx';
import { formatNumber } from '../format.ts';
import { RelativeTime } from '../RelativeTime.tsx';
import type { TableColumn } from './column.ts';
import classes from './DataTable.module.css';

/** What a value looks like by the type of its column. Unknown is a dash, never "no" and never zero. */
export function CellValue({ value, column }: { value: unknown; column: Pick<TableColumn<never>, 'type' | 'values'> }) {
  if (value === null || value === undefined || value === '') return <Unknown />;
  switch (column.type) {
    case 'time':
      return <RelativeTime at={String(value)} />;
    case 'flag':
      return <>{value === true ? 'Yes' : 'No'}</>;
    case 'number':
      return <>{typeof value === 'number' ? formatNumber(value) : String(value)}</>;
    case 'list': {
      const words = Array.isArray(value) ? value.map(String) : [String(value)];
      return words.length === 0 ? <Unknown /> : <span title={words.join('\n')}>{words.join(', ')}</span>;
    }
    case 'json': {
      const text = JSON.stringify(value);
      return text === '{}' ? <Unknown /> : <code title={text}>{text.slice(0, 200)}</code>;
    }
    default:
      return column.values ? <WordBadge word={String(value)} /> : <span title={String(value)}>{String(value)}</span>;
  }
}

function Unknown() {
  return (
    <span className={classes.unknown} title="Not known">
      —
    </span>
  );
}
