import { type Event, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, statusOf } from '@gatehouse/host';
import { z } from 'zod';
import type { OktaClient } from './client.ts';
import { ocsfOf } from './ocsf.ts';
import { rawOf } from './raw.ts';
import { flagAt, listAt, saidAt, textAt, timeAt } from './shapes.ts';
import { jsonOf } from './walk.ts';

export const LogEvent = z.looseObject({ uuid: z.string().min(1), eventType: z.string().min(1).catch('unknown') });
type LogEvent = z.output<typeof LogEvent>;

/**
 * An entry of the System Log.
 *
 * - `targets`: `<kind>:<id>`, kinds in lower case as in grants: `user:00u…`, `app:0oa…`, `group:00g…`, `role:…`.
 * - `outcome`: ALLOW and CHALLENGE let go on, so they are successes; DENY and ABANDONED are failures.
 * - `isMfa`: true where a second factor was verified. Null elsewhere: a session that begins without one may get it later.
 */
export const toEvent = (entry: LogEvent): Event => {
  const { uuid, eventType, actor, client } = entry;
  const outcome = outcomes[textAt(entry, 'outcome', 'result') ?? ''] ?? 'unknown';
  const { classUid, activityId } = ocsfOf(eventType);
  return {
    id: uuid,
    raw: rawOf(entry),
    time: timeAt(entry, 'published'),
    action: eventType,
    classUid,
    activityId,
    outcome,
    reason: saidAt(entry, 'outcome', 'reason'),
    actorId: saidAt(actor, 'id'),
    actorLogin: saidAt(actor, 'alternateId'),
    targets: listAt(entry, 'target').flatMap(targetOf),
    ip: saidAt(client, 'ipAddress'),
    country: saidAt(client, 'geographicalContext', 'country'),
    userAgent: saidAt(client, 'userAgent', 'rawUserAgent'),
    sessionId: saidAt(entry, 'authenticationContext', 'externalSessionId'),
    isMfa: eventType === 'user.authentication.auth_via_mfa' ? outcome === 'success' : null,
    isProxy: flagAt(entry, 'securityContext', 'isProxy'),
  };
};

const targetOf = (target: unknown): readonly string[] => {
  const id = saidAt(target, 'id') ?? saidAt(target, 'alternateId');
  return id === null ? [] : [`${kindOf(textAt(target, 'type'))}:${id}`];
};

const outcomes: Readonly<Record<string, Event['outcome']>> = {
  SUCCESS: 'success',
  ALLOW: 'success',
  CHALLENGE: 'success',
  FAILURE: 'failure',
  DENY: 'failure',
  ABANDONED: 'failure',
  UNANSWERED: 'failure',
  RATE_LIMIT: 'failure',
};

const kindOf = (type: string | null): string => kinds[type ?? ''] ?? (type ?? 'unknown').toLowerCase();

const kinds: Readonly<Record<string, string>> = {
  AppInstance: 'app',
  UserGroup: 'group',
  AppUser: 'app-user',
  AppGroup: 'group',
  PublicClientApp: 'app',
  User: 'user',
  ROLE: 'role',
};

/** Okta keeps 90 days; the first read goes back a week, which is what a new connection can show within minutes. */
const firstReadMs = 7 * 24 * 3_600_000;
/** Entries become visible up to some minutes after they are published. Repeats are dropped by their id. */
const overlapMs = 5 * 60_000;

const pathSince = (since: Date) =>
  `/api/v1/logs?${new URLSearchParams({ since: since.toISOString(), sortOrder: 'ASCENDING', limit: '1000' })}`;

/**
 * A polling query: without `until` Okta always has a next link, and an empty page means that this was all for now.
 * A cursor carries `seen`, the time of the newest entry so far, and in the midst of a read `at`, the address of the next
 * page. Every read starts `overlapMs` before `seen`.
 */
async function* readLog(client: OktaClient, from: Cursor | null): AsyncIterable<Page<Event>> {
  await client.session.require('okta.logs.read');
  const cursor = from === null ? null : jsonOf(from);
  const began = client.now();
  let seen = timeAt(cursor, 'seen') ?? null;
  const start = pathSince(
    seen === null ? new Date(began.getTime() - firstReadMs) : new Date(seen.getTime() - overlapMs),
  );
  let path = saidAt(cursor, 'at') ?? start;
  for (let isFirst = true; ; isFirst = false) {
    const { items, leftOut, next } = await pageOf(client, path, isFirst ? start : null);
    // An entry with a time that is still to come must not hide those that come before it.
    const now = client.now();
    const newest = items.reduce<Date | null>(
      (latest, entry) => later(latest, earlier(timeAt(entry, 'published'), now)),
      seen,
    );
    seen = newest;
    const isCaughtUp = items.length === 0 || next === null || next === path || (newest !== null && newest >= began);
    if (isCaughtUp) {
      // An empty log is read up to now, so that the next read does not go back a week again.
      const mark = (newest ?? began).toISOString();
      yield { records: items.map(toEvent), leftOut, cursor: JSON.stringify({ seen: mark }) };
      return;
    }
    yield { records: items.map(toEvent), leftOut, cursor: JSON.stringify({ seen: newest?.toISOString(), at: next }) };
    path = next;
  }
}

/** The address of a page does not live for ever: a forgotten one is replaced by the question it came from. */
const pageOf = async (client: OktaClient, path: string, start: string | null) => {
  try {
    return await client.list(path, LogEvent);
  } catch (error) {
    if (start === null || path === start || ![400, 404, 410].includes(statusOf(error) ?? 0)) throw error;
    return client.list(start, LogEvent);
  }
};

const earlier = (time: Date | null, bound: Date): Date | null => (time !== null && time > bound ? bound : time);

const later = (a: Date | null, b: Date | null): Date | null => (a === null ? b : b === null || a >= b ? a : b);

export const systemLog = stream<OktaClient, 'events'>({
  record: 'events',
  title: 'System Log',
  needs: 'the scope okta.logs.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'events' },
  everyMs: 5 * 60_000,
  read: readLog,
  probe: (client) => client.probe('/api/v1/logs?limit=1', 'okta.logs.read'),
});
