import { setTimeout as pause } from 'node:timers/promises';
import { Fault, toFault } from '@gatehouse/kernel';
import type { HandedCredential } from '@gatehouse/remote-access/ecm';
import { audit } from '@gatehouse/server';
import { tellOfBegin, tellOfEnd } from '../notices/index.ts';
import { createCast, startRecording } from '../recordings/index.ts';
import type { LiveSession } from './live-session.ts';
import type { End, SessionParts } from './model.ts';
import { findOutlook } from './outlook.ts';
import { runDesktop } from './run-desktop.ts';
import { openShell } from './shell.ts';
import { endSession, findSession } from './store.ts';

/** What the session is opened with. */
export type Opening =
  | { readonly from: 'vault'; readonly id: string; readonly reason: string; readonly ticket: string | null }
  | { readonly from: 'person'; readonly credential: HandedCredential };

/** Of a lease without a limit of its session. */
const longestLeaseMs = 7 * 86_400_000;

/** A session from its credential to its end. What it took is given back in every case. */
export const runSession = async (parts: SessionParts, live: LiveSession, opening: Opening): Promise<void> => {
  const { errand } = live;
  try {
    const credential = await obtain(parts, live, opening);
    // Somebody may have taken long to approve it.
    await endWhereForbidden(parts, live);
    live.signal.throwIfAborted();
    await (errand.item.type === 'shell-jump'
      ? runShellSession(parts, live, credential)
      : runDesktop(parts, live, credential, (hostKey) => noteOpen(parts, live, hostKey)));
    live.end({ ending: 'remote', by: null, problem: null });
  } catch (error) {
    const { advice, detail } = toFault(error);
    // What was not done because they may not is no failure.
    if (!live.isOver()) await endWhereForbidden(parts, live).catch(() => undefined);
    if (!live.isOver()) parts.log.info({ session: errand.id, err: error, detail }, 'a session failed');
    // Where it was ended by somebody, that counts, not what it broke.
    live.end({ ending: 'failed', by: null, problem: advice });
  }
  await finish(parts, live, await live.over);
};

/** As their rights stand now. */
const endWhereForbidden = async ({ database, clock }: SessionParts, live: LiveSession): Promise<void> => {
  const { end } = await database.system((tx) => findOutlook(tx, live.errand, clock.now()));
  if (end !== null) live.end(end);
};

/** The vault is asked, and asked again while somebody has to approve. */
const obtain = async (parts: SessionParts, live: LiveSession, opening: Opening): Promise<HandedCredential> => {
  if (opening.from === 'person') return opening.credential;
  const { door, pace } = parts;
  const { id, principal, userId, item, correlationId, rules } = live.errand;
  const until = performance.now() + pace.approvalMs;
  const expiresInMs = rules.limitMinutes === null ? longestLeaseMs : rules.limitMinutes * 60_000 + 300_000;
  for (;;) {
    const answer = await door.retrieveCredential({
      ...{ principal, userId, jumpItem: { type: item.type, id: item.id }, correlationId, signal: live.signal },
      ...{ sessionId: id, credential: opening.id, reason: opening.reason, ticket: opening.ticket },
      expiresInMs: Math.min(longestLeaseMs, expiresInMs),
    });
    if (answer.state === 'ready') {
      await live.change({ state: 'opening', account: answer.credential.username, problem: null });
      return answer.credential;
    }
    if (live.session().problem !== answer.advice) await live.change({ state: 'waiting', problem: answer.advice });
    if (performance.now() > until) throw new Fault('forbidden', 'Nobody approved the credential in time.');
    await pause(answer.againMs, undefined, { signal: live.signal });
  }
};

const runShellSession = async (parts: SessionParts, live: LiveSession, credential: HandedCredential): Promise<void> => {
  const { clock, pace } = parts;
  const { errand, signal } = live;
  const shell = await openShell(parts, errand, credential, signal);
  const startedAt = clock.now();
  const { columns, rows } = shell.size;
  const cast = createCast({ columns, rows, startedAt, title: errand.item.name, term: errand.place.term });
  const writer = errand.isRecorded
    ? await startRecording(parts, { sessionId: errand.id, format: 'asciicast', flushMs: pace.flushMs }, ({ advice }) =>
        live.end({ ending: 'failed', by: null, problem: advice }),
      )
    : null;
  try {
    await writer?.write(cast.header());
    await noteOpen(parts, live, shell.hostKey);
    await live.runShell(shell, writer && { writer, cast });
  } finally {
    await writer?.end();
  }
};

const noteOpen = async (
  { database, clock }: SessionParts,
  live: LiveSession,
  hostKey: { readonly fingerprint: string; readonly isNew: boolean } | null,
): Promise<void> => {
  const { principal, correlationId, id, place, item, jumpPolicyId } = live.errand;
  const { account, person, reason, ticket } = live.session();
  await database.system(async (tx) => {
    const change = { session: id, account, hostKey: hostKey?.fingerprint ?? null };
    await audit(tx, { principal, correlationId }, { action: 'session.open', target: place.host, change });
    const about = { person: person.name, endpoint: item.name, reason, ticket };
    await tellOfBegin(tx, { session: id, jumpPolicyId, ...about, at: clock.now() });
  });
  await live.change({
    ...{ state: 'open', openedAt: clock.now(), problem: null },
    ...(hostKey && { hostKey: hostKey.fingerprint, hostKeyIsNew: hostKey.isNew }),
  });
};

/** Its lease ends and its row says so; tried until both are done, because a forgotten lease is an incident. */
const finish = async (parts: SessionParts, live: LiveSession, end: End): Promise<void> => {
  const { database, clock, door, log, stopped } = parts;
  const { id, principal, correlationId, place } = live.errand;
  const at = clock.now();
  for (let waitMs = 250; !stopped.aborted; waitMs = Math.min(10_000, waitMs * 2)) {
    try {
      await door.releaseCredential(id, principal);
      const ended = await database.system(async (tx) => {
        const session = await endSession(tx, id, { ...end, at });
        // Another copy took this one for gone, and ended it.
        if (session === null) return findSession(tx, id);
        const { ending, by, problem } = end;
        const change = { session: id, ending, by, problem };
        await audit(tx, { principal, correlationId }, { action: 'session.end', target: place.host, change });
        await tellOfEnd(tx, id, { at, problem: problem ?? '' });
        return session;
      });
      if (ended !== null) live.finish(ended);
      return;
    } catch (error) {
      log.warn({ session: id, err: error }, 'the end of a session could not be written down; it is tried again');
      await pause(waitMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }
};
