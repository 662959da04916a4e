import { Loaded, Section, Timeline, useApi } from '@gatehouse/ui';
import { IconArrowMerge, IconNote, IconPencil, IconPlus } from '@tabler/icons-react';
import { type HistoryEntry, paths } from '../api/paths.ts';

const icons = {
  create: <IconPlus size={14} />,
  note: <IconNote size={14} />,
  merge: <IconArrowMerge size={14} />,
  'merge-in': <IconArrowMerge size={14} />,
};

/** Who did what with a case, newest first. */
export function CaseHistory({ number }: { number: string }) {
  const history = useApi(paths.history(number, { limit: '30' }), { every: 30_000 });
  return (
    <Section title="History" lead="The newest thirty entries.">
      <Loaded query={history} rows={3}>
        {({ items }) => (
          <Timeline
            label="History"
            entries={items.map((entry) => ({
              ...{ id: entry.id, at: entry.at, tone: 'quiet' as const, note: entry.actor },
              ...{ icon: Reflect.get(icons, entry.action) ?? <IconPencil size={14} />, title: sentenceOf(entry) },
            }))}
          />
        )}
      </Loaded>
    </Section>
  );
}

const sentenceOf = ({ action, change }: HistoryEntry): string => {
  if (action === 'create') return 'Made the case';
  if (action === 'note') return change.visibility === 'public' ? 'Wrote a public answer' : 'Wrote an internal note';
  if (action === 'merge') return `Merged it into ${String(change.into)}`;
  if (action === 'merge-in') return `Merged ${String(change.from)} into it`;
  return Object.entries(change).map(changeWords).join('; ') || 'Changed the case';
};

const changeWords = ([name, value]: readonly [string, unknown]): string => {
  if (Array.isArray(value)) return `Changed ${value.join(', ')}`;
  if (typeof value !== 'object' || value === null || !('to' in value)) return `Changed the ${name}`;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${value.to === null ? 'none' : String(value.to)}`;
};
