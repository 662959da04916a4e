import { EmptyState, Timeline, type TimelineEntry, wordsOf } from '@gatehouse/ui';
import { IconArrowBackUp, IconCirclePlus, IconPencil, IconTrash } from '@tabler/icons-react';
import type { InventoryKind, RecordChange } from '../api/types.ts';
import classes from './ChangeHistory.module.css';

interface ChangeHistoryProps {
  history: readonly RecordChange[];
  firstSeenAt: string;
  /** Titles of the fields. */
  kind: InventoryKind | undefined;
}

/** What changed and when, with the values before and after; ends with when it was first seen. */
export function ChangeHistory({ history, firstSeenAt, kind }: ChangeHistoryProps) {
  const titleOf = titlesOf(kind);
  const first: TimelineEntry = {
    id: 'first',
    at: firstSeenAt,
    icon: <IconCirclePlus size={15} />,
    tone: 'quiet',
    title: 'First seen',
  };
  const wasAdded = history.some(({ kind }) => kind === 'added');
  if (history.length === 0 && firstSeenAt === '') return <EmptyState title="No history" />;
  return (
    <Timeline
      label="History of changes"
      entries={[...history.map((change, position) => toEntry(change, position, titleOf)), ...(wasAdded ? [] : [first])]}
    />
  );
}

/** What the fields of a kind are called. */
export const titlesOf = (kind: InventoryKind | undefined) => (name: string) =>
  kind?.columns.find((column) => column.name === name)?.title ?? wordsOf(name);

const looks = {
  added: { icon: <IconCirclePlus size={15} />, tone: 'good', title: 'Added' },
  changed: { icon: <IconPencil size={15} />, tone: 'low', title: 'Changed' },
  gone: { icon: <IconTrash size={15} />, tone: 'high', title: 'Gone from its system' },
  returned: { icon: <IconArrowBackUp size={15} />, tone: 'medium', title: 'Back in its system' },
} as const;

/** How a change of a record looks in a history, with the values before and after where there are some. */
export const toEntry = (
  { at, kind, fields }: RecordChange,
  position: number,
  titleOf: (name: string) => string,
): TimelineEntry => {
  const names = Object.keys(fields).map(titleOf);
  const { icon, tone, title } = looks[kind];
  return {
    id: `${at}:${position}`,
    at,
    icon,
    tone,
    title: names.length === 0 ? title : `${title}: ${names.join(', ')}`,
    ...(names.length === 0
      ? {}
      : { isOpen: position === 0, more: <ChangedFields fields={fields} titleOf={titleOf} /> }),
  };
};

function ChangedFields({ fields, titleOf }: { fields: RecordChange['fields']; titleOf: (name: string) => string }) {
  return (
    <table className={classes.fields}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(fields).map(([name, { before, after }]) => (
          <tr key={name}>
            <th scope="row">{titleOf(name)}</th>
            <td>
              <del>{printed(before)}</del>
            </td>
            <td>
              <ins>{printed(after)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const printed = (value: unknown): string => {
  if (value === null || value === undefined) return 'not known';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
