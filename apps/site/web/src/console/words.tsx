import { Tag, type Tone } from '@gatehouse/ui';
import { IconDeviceDesktop, IconTerminal2, IconWindow } from '@tabler/icons-react';
import type { ConsoleItem, Session } from '../api/paths.ts';

type ItemType = ConsoleItem['type'];

export const protocols: Readonly<Record<ItemType, string>> = {
  'shell-jump': 'SSH',
  'remote-vnc': 'VNC',
  'remote-rdp': 'RDP',
};

export function ProtocolIcon({ type, size = 18 }: { type: ItemType; size?: number }) {
  const Icon = { 'shell-jump': IconTerminal2, 'remote-vnc': IconDeviceDesktop, 'remote-rdp': IconWindow }[type];
  return <Icon size={size} stroke={1.7} aria-hidden="true" />;
}

/** Why a person cannot open a session with what they see, and who can change that. */
export const obstacles: Readonly<Record<NonNullable<ConsoleItem['obstacle']>, string>> = {
  disabled: 'Your user is switched off. Ask an administrator to switch it on.',
  access: 'No group policy gives you access to endpoints. Ask an administrator for one.',
  protocol: 'Your group policy does not allow this protocol. Ask an administrator to allow it.',
  role: 'Your role in this Jump group starts no sessions. Ask an administrator for another role.',
  schedule: 'Not at this time: its Jump policy has a schedule.',
};

/** How a session ended, to the one who had it. */
export const endings: Readonly<Record<NonNullable<Session['ending']>, (session: Session) => string>> = {
  left: () => 'Its person ended the session',
  remote: ({ item }) => `${item.name} ended the session`,
  administrator: ({ endedBy }) => `${endedBy ?? 'An administrator'} ended the session`,
  idle: () => 'The session ended because nothing was done in it',
  limit: () => 'The session reached its time limit',
  schedule: () => 'The session ended with the schedule of its Jump policy',
  access: () => 'The session ended because its person may not have it any more',
  failed: ({ openedAt }) => (openedAt === null ? 'The session could not be opened' : 'The session broke off'),
  site: () => 'The session ended because the site was stopped',
};

/** The same in a table. */
export const shortEndings: Readonly<Record<NonNullable<Session['ending']>, string>> = {
  ...{ left: 'Closed', remote: 'By the endpoint', administrator: 'By an administrator', idle: 'Idle' },
  ...{ limit: 'Time limit', schedule: 'Schedule', access: 'Access withdrawn', failed: 'Failed', site: 'Site stopped' },
};

const states: Readonly<Record<Session['state'], readonly [Tone, string]>> = {
  opening: ['low', 'Opening'],
  waiting: ['medium', 'Waiting for approval'],
  open: ['good', 'Live'],
  ended: ['quiet', 'Ended'],
};

export function SessionTag({ session }: { session: Session }) {
  if (session.ending === 'failed') return <Tag tone="critical">Failed</Tag>;
  const [tone, word] = states[session.state];
  return <Tag tone={tone}>{session.ending === null ? word : shortEndings[session.ending]}</Tag>;
}

/** Seconds that a session took, or has taken until now; null: it never opened. */
export const secondsOf = ({ openedAt, endedAt }: Session, now = Date.now()): number | null =>
  openedAt === null ? null : ((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(openedAt)) / 1_000;
