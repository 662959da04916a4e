import type { Database } from '@gatehouse/database';
import type { Session } from '../api/console.ts';
import { toCsvLine } from '../objects/index.ts';
import { pageOfSessions, type SessionsWanted } from './store.ts';

const batch = 500;

/** Every session that is wanted as CSV, newest first, in batches of their own: memory stays flat. */
export async function* exportSessions(
  database: Database,
  wanted: Omit<SessionsWanted, 'cursor' | 'limit'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield toCsvLine(Object.keys(columns));
  for (let cursor: string | undefined | null; cursor !== null && !signal.aborted; ) {
    const after: string | undefined = cursor;
    const page = await database.system((tx) => pageOfSessions(tx, { ...wanted, cursor: after, limit: batch }));
    const lines = page.items.map((session) => toCsvLine(Object.values(columns).map((cell) => cell(session) ?? '')));
    if (lines.length > 0) yield lines.join('');
    cursor = page.next;
  }
}

const protocols = { 'shell-jump': 'SSH', 'remote-vnc': 'VNC', 'remote-rdp': 'RDP' } as const;

const columns: Readonly<Record<string, (session: Session) => string | null>> = {
  id: ({ id }) => id,
  correlationId: ({ correlationId }) => correlationId,
  endpoint: ({ item }) => item.name,
  hostname: ({ item }) => item.hostname,
  protocol: ({ item }) => protocols[item.type],
  jumpGroup: ({ jumpGroup }) => jumpGroup,
  username: ({ person }) => person.username,
  name: ({ person }) => person.name,
  joinedBy: ({ participants }) => participants.map(({ username }) => username).join(' '),
  account: ({ account }) => account,
  credential: ({ credential }) => credential,
  reason: ({ reason }) => reason,
  ticket: ({ ticket }) => ticket,
  state: ({ state }) => state,
  requestedAt: ({ requestedAt }) => requestedAt,
  openedAt: ({ openedAt }) => openedAt,
  endedAt: ({ endedAt }) => endedAt,
  ending: ({ ending }) => ending,
  endedBy: ({ endedBy }) => endedBy,
  problem: ({ problem }) => problem,
  hostKey: ({ hostKey }) => hostKey,
  recording: ({ recording }) => recording,
  recordedBytes: ({ recordedBytes }) => String(recordedBytes),
};
