import { formatDuration, Tag } from '@gatehouse/ui';
import type { ReportedSession } from '../api/paths.ts';

type Shown = Pick<ReportedSession, 'state' | 'beganAt' | 'endedAt'>;

export function SupportTag({ session: { state } }: { session: Shown }) {
  if (state === 'waiting') return <Tag tone="medium">Waits</Tag>;
  if (state === 'active') return <Tag tone="good">Live</Tag>;
  return <Tag tone="quiet">Ended</Tag>;
}

/** How long it takes or took; from the first moment in the queue. */
export const tookOf = ({ beganAt, endedAt }: Shown): string =>
  formatDuration(((endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(beganAt)) / 1_000);

export const priorities: Readonly<Record<number, string>> = { 1: 'High', 2: 'Usual', 3: 'Low' };
