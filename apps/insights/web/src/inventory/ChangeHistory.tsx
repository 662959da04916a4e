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
  const titleOf = (name: string) => kind?.columns.find((column) => column.name === name)?.title ?? wordsOf(name);
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

const looks = {
  added: { icon: <IconCirclePlus size={15} />, tone: 'good', title: 'Added' },
  changed: { icon: <IconPencil size={15} />, tone: 'low', title: 'Changed' },
  gone: { icon: <IconTrash size={15} />, tone: 'high', title: 'Gone from its system' },
  returned: { icon: <IconArrowBackUp size={15} />, tone: 'medium', title: 'Back in its system' },
} as const;

const toEntry = (change: RecordChange, position: number, titleOf: (name: string) => string): TimelineEntry => {
  const fields = Object.entries(change.fields);
  const { icon, tone, title } = looks[change.kind];
  return {
    id: `${change.at}:${position}`,
    at: change.at,
    icon,
    tone,
    title: fields.length === 0 ? title : `${title}: ${fields.map(([name]) => titleOf(name)).join(', ')}`,
    ...(fields.length === 0
      ? {}
      : {
          isOpen: position === 0,
          more: (
            <table className={classes.fields}>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                </tr>
              </thead>
              <tbody>
                {fields.map(([name, { before, after }]) => (
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
          ),
        }),
  };
};

const printed = (value: unknown): string => {
  if (value === null || value === undefined) return 'not known';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
