import { setTimeout as pause } from 'node:timers/promises';
import { audit } from '@gatehouse/server';
import type { Session } from '../api/console.ts';
import { tellOfEnd } from '../notices/index.ts';
import { leaveSession } from './join-session.ts';
import type { LiveSession } from './live-session.ts';
import { type End, type SessionPace, type SessionParts, usualPace } from './model.ts';
import { findOutlook } from './outlook.ts';
import { runSession } from './run-session.ts';
import { type Asked, startSession } from './start-session.ts';
import { endOfGoneCopies, listEndsAsked } from './store.ts';

/** The sessions of this copy of the program. */
export interface Sessions {
  /** @throws Problem for what may not begin */
  start(asked: Asked): Promise<Session>;
  /** Null: it is over, or another copy has it. */
  find(id: string): LiveSession | null;
  /** All of them end as the site does; what could not be written down is by the copy that starts next. */
  close(): Promise<void>;
  readonly parts: SessionParts;
}

export interface SessionsOptions extends Omit<SessionParts, 'pace' | 'stopped'> {
  readonly pace?: Partial<SessionPace>;
}

/** Sessions whose right to go on is looked at in one round, so that a round stays short. */
const looksAtOnce = 50;
/** However many there are, each is looked at within so many rounds: whoever may not go on is out within half a minute. */
const roundsOfAll = 20;
/** Before the idle limit ends a session its person is asked whether they are there. */
const warnMinutes = 1;
const closeMs = 3_000;

export const openSessions = (options: SessionsOptions): Sessions => {
  const stopped = new AbortController();
  const parts: SessionParts = { ...options, pace: { ...usualPace, ...options.pace }, stopped: stopped.signal };
  const { database, clock, log, processId, pace } = parts;
  const live = new Map<string, LiveSession>();
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  const told = new WeakMap<LiveSession, string | null>();
  const judge = async (session: LiveSession): Promise<void> => {
    const now = clock.now();
    const { end, note } = await database.system((tx) => findOutlook(tx, session.errand, now));
    if (end !== null) return session.end(end);
    if (note !== (told.get(session) ?? null)) session.note(note);
    told.set(session, note);
    const { item } = session.errand;
    for (const { guest } of session.guests.list()) {
      const outlook = await database.system((tx) => findOutlook(tx, { userId: guest.userId, item }, now));
      if (outlook.end !== null) await leaveSession(parts, session, guest.userId, outlook.end.problem ?? '');
    }
  };

  const lookAtGuests = async (session: LiveSession): Promise<void> => {
    for (const { guest, idleMs, leftMs } of session.guests.list()) {
      const restMs = (guest.idleMinutes ?? Number.POSITIVE_INFINITY) * pace.minuteMs - idleMs;
      if (leftMs !== null && leftMs > pace.graceMs)
        await leaveSession(parts, session, guest.userId, 'Your page was gone.');
      else if (restMs < 0) await leaveSession(parts, session, guest.userId, 'You did nothing in it for too long.');
      else if (restMs < warnMinutes * pace.minuteMs) session.guests.warn(guest.userId, Math.ceil(restMs / 1_000));
    }
  };

  const look = (session: LiveSession): End | null => {
    const { idleMinutes, limitMinutes } = session.errand.rules;
    const left = session.leftMs();
    if (limitMinutes !== null && session.ageMs() > limitMinutes * pace.minuteMs)
      return { ending: 'limit', by: null, problem: 'Sessions may not last longer.' };
    if (left !== null && left > pace.graceMs) return { ending: 'left', by: null, problem: null };
    if (idleMinutes === null || session.session().state !== 'open') return null;
    const idleMs = session.idleMs();
    if (idleMs > idleMinutes * pace.minuteMs)
      return { ending: 'idle', by: null, problem: 'Nothing was done in it for too long.' };
    const restMs = idleMinutes * pace.minuteMs - idleMs;
    if (restMs < warnMinutes * pace.minuteMs) session.warn(Math.ceil(restMs / 1_000));
    return null;
  };

  const round = async (): Promise<void> => {
    for (const session of live.values()) {
      const end = look(session);
      if (end !== null) session.end(end);
      else await lookAtGuests(session);
    }
    const { asked, gone } = await database.system(async (tx) => {
      const at = clock.now();
      const gone = await endOfGoneCopies(tx, at);
      for (const { id, correlationId } of gone) {
        await audit(
          tx,
          { principal: { kind: 'program', id: processId, name: 'Gatehouse Site' }, correlationId },
          { action: 'session.end', target: id, change: { session: id, ending: 'site' } },
        );
        await tellOfEnd(tx, id, { at, problem: 'The site stopped while it was open.' });
      }
      return { gone, asked: await listEndsAsked(tx, processId) };
    });
    if (gone.length > 0) log.info({ sessions: gone.length }, 'sessions of a copy that is gone were ended');
    for (const { id, by } of asked)
      live.get(id)?.end({ ending: 'administrator', by, problem: `${by} ended this session.` });
    // The next ones in turn: a map keeps the order in which its entries came.
    const looks = Math.max(looksAtOnce, Math.ceil(live.size / roundsOfAll));
    for (const session of [...live.values()].slice(0, looks)) {
      if (session.isOver()) continue;
      live.delete(session.errand.id);
      live.set(session.errand.id, session);
      await judge(session);
    }
  };
  const rounds = (async () => {
    while (!closing.signal.aborted) {
      await round().catch((error: unknown) => log.warn({ err: error }, 'a round of sessions was held up'));
      await clock.sleep(pace.roundMs, closing.signal).catch(() => undefined);
    }
  })();

  return {
    parts,
    async start(asked) {
      const { live: session, opening } = await startSession(parts, asked);
      const { id } = session.errand;
      live.set(id, session);
      const run = runSession(parts, session, opening)
        .catch((error: unknown) => log.error({ session: id, err: error }, 'a session was not ended in order'))
        .finally(() => {
          live.delete(id);
          running.delete(run);
        });
      running.add(run);
      return session.session();
    },
    find: (id) => live.get(id) ?? null,
    async close() {
      closing.abort();
      await rounds;
      for (const session of live.values())
        session.end({ ending: 'site', by: null, problem: 'The site stopped. Open the session again.' });
      await Promise.race([Promise.all(running), pause(closeMs, undefined, { ref: false })]);
      stopped.abort();
    },
  };
};
