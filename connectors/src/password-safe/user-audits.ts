import { type Event, empty, stream } from '@gatehouse/connector-kit';
import type { Cursor, Page } from '@gatehouse/host';
import { z } from 'zod';
import type { PasswordSafeClient, Place } from './client.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { textAt, timeAt } from './shapes.ts';
import { firstReadMs, overlapMs, seenIn } from './watermark.ts';

const auditsPath = '/UserAudits';

/** OCSF class and activity by the words of an entry; the first that matches counts. */
const classes: readonly (readonly [action: RegExp, section: RegExp, classUid: number, activityId: number])[] = [
  [/log\s?(on|in)|sign\s?in/i, /./, 3002, 1],
  [/log\s?(off|out)|sign\s?out/i, /./, 3002, 2],
  [/add|create|insert/i, /group/i, 3006, 3],
  [/delete|remove/i, /group/i, 3006, 4],
  [/./, /group/i, 3006, 99],
  [/assign|grant|add/i, /role|permission|smart ?rule/i, 3005, 1],
  [/remove|revoke|delete/i, /role|permission|smart ?rule/i, 3005, 2],
  [/add|create/i, /user|account/i, 3001, 1],
  [/delete|remove/i, /user|account/i, 3001, 6],
  [/./, /user|account|password/i, 3001, 99],
  [/add|create/i, /./, 3004, 1],
  [/read|view|retrieve|export/i, /./, 3004, 2],
  [/edit|update|change/i, /./, 3004, 3],
  [/delete|remove/i, /./, 3004, 4],
];

/** An entry of the audit of BeyondInsight. `action`: its section and what was done there, "User Groups: Edit". */
export const toAuditEvent = (item: unknown): Event => {
  const action = textAt(item, 'ActionType') ?? 'unknown';
  const section = textAt(item, 'Section') ?? '';
  const found = classes.find(([one, other]) => one.test(action) && other.test(section || ' '));
  return {
    ...empty('events'),
    id: idOf('user-audit', numberOf('user-audit', item)),
    raw: rawOf(Object(item)),
    time: timeAt(item, 'CreateDate'),
    action: section === '' ? action : `${section}: ${action}`,
    classUid: found?.[2] ?? 3004,
    activityId: found?.[3] ?? 99,
    outcome: /fail|denied|invalid/i.test(`${action} ${section}`) ? 'failure' : 'success',
    actorId: referenceTo('user', item),
    actorLogin: textAt(item, 'UserName'),
    ip: textAt(item, 'IPAddress'),
  };
};

const Midway = z.object({
  since: z.iso.datetime(),
  newest: z.iso.datetime().nullable(),
  at: z.object({ offset: z.number(), total: z.number().nullable(), first: z.string().optional() }),
});
type Midway = z.output<typeof Midway>;

/**
 * Newest first, as Password Safe sorts them: what comes in meanwhile moves the others further on, so that some are seen
 * twice and none is missed. `newest` becomes the watermark only when everything since the last one was read.
 */
async function* readAudits(client: PasswordSafeClient, from: Cursor | null): AsyncIterable<Page<Event>> {
  const began = client.now();
  const midway = midwayIn(from);
  const seen = seenIn(from);
  const start = seen === null ? began.getTime() - firstReadMs : seen.getTime() - overlapMs;
  const since = midway?.since ?? new Date(start).toISOString();
  let newest = midway?.newest ?? null;
  for (let place: Place | null = midway?.at ?? null; ; ) {
    const path = `${auditsPath}?${new URLSearchParams({ startdate: since })}`;
    const { items, leftOut, next }: Awaited<ReturnType<typeof client.stretch<Event>>> = await client.stretch(
      path,
      place,
      toAuditEvent,
    );
    // An entry with a time that is still to come must not hide those that come before it.
    for (const { time } of items) {
      if (time !== null && time <= began && (newest === null || time > new Date(newest))) newest = time.toISOString();
    }
    // A version that does not heed the date sends all there are.
    const isPast = items.length > 0 && items.every(({ time }) => time !== null && time < new Date(since));
    const isOver = next === null || isPast;
    // Not the time of this machine: by a clock that is ahead, what happens next would lie before it.
    const mark = newest ?? seen?.toISOString() ?? since;
    const cursor = isOver ? { seen: mark } : { since, newest, at: next };
    yield { records: isPast ? [] : items, leftOut, cursor: JSON.stringify(cursor) };
    if (isOver) return;
    place = next;
  }
}

const midwayIn = (cursor: Cursor | null): Midway | null => {
  try {
    return Midway.parse(JSON.parse(cursor ?? ''));
  } catch {
    // A watermark, or nothing.
    return null;
  }
};

export const userAudits = stream<PasswordSafeClient, 'events'>({
  record: 'events',
  title: 'User audits',
  needs: needOf('audits'),
  reading: { mode: 'events' },
  everyMs: 5 * 60_000,
  read: readAudits,
  probe: (client) => client.probe(`${auditsPath}?limit=1&offset=0`),
});
