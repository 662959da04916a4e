import { Tag } from '@gatehouse/ui';
import type { Item } from '../api/paths.ts';

/** How it is with a recipient. */
export function StatusTag({ recipient: { status } }: { recipient: Item }) {
  if (status === 'failing') return <Tag tone="critical">Failing</Tag>;
  if (status === 'off') return <Tag tone="quiet">Off</Tag>;
  return <Tag tone="good">Working</Tag>;
}

export const stateWords = { queued: 'Waits', delivered: 'Delivered', given_up: 'Given up' } as const;

/** How it is with one delivery. */
export function StateTag({ state }: { state: keyof typeof stateWords }) {
  const tone = state === 'delivered' ? 'good' : state === 'queued' ? 'low' : 'critical';
  return <Tag tone={tone}>{stateWords[state]}</Tag>;
}

/** Of the API: a test is of no session. */
export const noSession = '0'.repeat(32);
