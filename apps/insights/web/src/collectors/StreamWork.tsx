import { Tag, type Tone } from '@gatehouse/ui';
import type { Collector } from '../api/types.ts';

type Stream = Collector['streams'][number];

const states: Readonly<Record<Stream['state'], { tone: Tone; words: string }>> = {
  reading: { tone: 'low', words: 'Reading…' },
  waiting: { tone: 'medium', words: 'Waiting to send' },
  idle: { tone: 'quiet', words: 'Idle' },
};

/** What the collector is doing about one stream; nothing where it has not said so yet. */
export function StreamWork({ stream }: { stream: Stream | undefined }) {
  if (stream === undefined) return '—';
  if (stream.isWanted) return <Tag tone="low">Asked to read now</Tag>;
  const { tone, words } = states[stream.state];
  return <Tag tone={tone}>{words}</Tag>;
}
