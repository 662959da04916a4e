import { type Event, empty, stream } from '@gatehouse/connector-kit';
import type { Cursor, Page } from '@gatehouse/host';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { needsAuditor } from './needs.ts';
import { rawOf } from './raw.ts';
import { numberAt, timeAt } from './shapes.ts';
import { firstReadMs, overlapMs, seenIn } from './watermark.ts';

const sessionsPath = '/Sessions';
/** Password Safe sends no more at once, and does not divide them. */
const mostSessions = 100_000;
const enough = 1_000;

/** Status of a session (GET Sessions). */
const statuses: Readonly<Record<number, string>> = {
  0: 'not started',
  1: 'in progress',
  2: 'completed',
  5: 'locked',
  7: 'terminated',
  8: 'logged off',
  9: 'disconnected',
};
const protocols: Readonly<Record<number, string>> = { 0: 'rdp', 1: 'ssh' };

/**
 * A session through Password Safe is two events: somebody came in as the managed account, and went. OCSF: Authentication,
 * logon and logoff. `action`: `session.start.rdp`, `session.end.ssh`; without the protocol where it is another. `reason`:
 * the status, at the end. `targets`: the managed account and the managed system, as `account:…` and `resource:…`.
 */
export const toEvents = (item: unknown): readonly Event[] => {
  const number = numberOf('session', item);
  const id = idOf('session', number);
  const protocol = protocols[numberAt(item, 'Protocol') ?? -1];
  const status = statuses[numberAt(item, 'Status') ?? -1] ?? null;
  const account = referenceTo('managed-account', item);
  const system = referenceTo('managed-system', item);
  const targets = [...(account ? [`account:${account}`] : []), ...(system ? [`resource:${system}`] : [])];
  const event = (what: 'start' | 'end', time: Date | null): readonly Event[] =>
    time === null
      ? []
      : [
          {
            ...empty('events'),
            ...{ id: `${id}/${what}`, raw: rawOf(Object(item)), time, classUid: 3002, outcome: 'success' },
            action: ['session', what, ...(protocol === undefined ? [] : [protocol])].join('.'),
            activityId: what === 'start' ? 1 : 2,
            reason: what === 'end' ? status : null,
            actorId: referenceTo('user', item),
            targets,
            sessionId: id,
          },
        ];
  return [...event('start', timeAt(item, 'StartTime')), ...event('end', timeAt(item, 'EndTime'))];
};

/** The whole list each time, because it can be asked for neither by time nor in parts; what is older than the last read is left. */
async function* readSessions(client: PasswordSafeClient, from: Cursor | null): AsyncIterable<Page<Event>> {
  const seen = seenIn(from);
  const began = client.now();
  const since = seen === null ? began.getTime() - firstReadMs : seen.getTime() - overlapMs;
  const { items, leftOut } = await client.list(sessionsPath, toEvents);
  const timed = items
    .flat()
    .flatMap((event) => (event.time === null ? [] : [{ event, at: event.time.getTime() }]))
    .filter(({ at }) => at >= since)
    .toSorted((a, b) => a.at - b.at);
  const said = items.length + leftOut.length < mostSessions ? leftOut : [...leftOut, cutAt];
  // Not the time of this machine: by a clock that is ahead, what happens next would lie before it.
  let mark = seen ?? new Date(since);
  for (let i = 0; i === 0 || i < timed.length; i += enough) {
    const part = timed.slice(i, i + enough);
    // A session with an end that is still to come must not hide those that end before it.
    const latest = Math.min(part.at(-1)?.at ?? 0, began.getTime());
    mark = seen !== null && latest < seen.getTime() ? seen : latest === 0 ? mark : new Date(latest);
    const cursor = JSON.stringify({ seen: mark.toISOString() });
    yield { records: part.map(({ event }) => event), leftOut: i === 0 ? said : [], cursor };
  }
}

const cutAt = `GET ${sessionsPath}: Password Safe tells of ${mostSessions} sessions at most; others are not among them`;

export const sessions = stream<PasswordSafeClient, 'events'>({
  record: 'events',
  title: 'Sessions',
  needs: needsAuditor,
  reading: { mode: 'events' },
  everyMs: 15 * 60_000,
  read: readSessions,
  // Sessions that are locked: as good as none.
  probe: (client) => client.probe(`${sessionsPath}?status=5`),
});
