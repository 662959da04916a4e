import { ConstraintError, type Database } from '@gatehouse/database';
import { type Clock, Fault, newId, toFault } from '@gatehouse/kernel';
import {
  createSessionKeys,
  type EcmListing,
  type HandedCredential,
  type SessionKey,
} from '@gatehouse/remote-access/ecm';
import { audit, doAndAudit, type Log, type Principal } from '@gatehouse/server';
import { sql } from 'kysely';
import type { EcmConnection } from './connection.ts';
import { endingLease, holdingLease, insertingLease } from './leases.ts';
import { createLine } from './line.ts';
import type { EcmIdentity, Pace } from './model.ts';
import { findTarget, type JumpItemId, type Target } from './target.ts';
import { askInTurn, type Connections } from './turns.ts';

/** Who asks, for which Jump item, and the id that joins everything from the click to the audit of the vault. */
export interface Errand {
  readonly principal: Principal;
  /** The user of the site whose rights count and for whom the vault is asked. */
  readonly userId: number;
  readonly jumpItem: JumpItemId;
  readonly correlationId: string;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

export interface Listed {
  readonly credentials: readonly EcmListing[];
  /** There are more. */
  readonly truncated: boolean;
}

export interface Wanted extends Errand {
  /** Chosen by the session, 1 to 200 characters; it has one credential at a time. */
  readonly sessionId: string;
  /** From a listing. */
  readonly credential: string;
  /** At most 1,000 characters. */
  readonly reason?: string;
  readonly ticket?: string | null;
  /** 1,000 to 604,800,000: the lease ends then by itself. */
  readonly expiresInMs: number;
}

export type Retrieved =
  | { readonly state: 'ready'; readonly credential: HandedCredential }
  /** Somebody has to approve: ask again with the same session after so many milliseconds. */
  | { readonly state: 'waiting'; readonly advice: string; readonly againMs: number };

/**
 * The one way to credentials for sessions. Every failure is a Fault with advice for the person: `forbidden` for what
 * they may not reach, `unreachable` where no ECM is connected or none answers in time.
 */
export interface CredentialDoor {
  /** Which credentials of a vault a person may use on an endpoint. Nothing in it is secret. */
  listCredentials(errand: Errand): Promise<Listed>;
  /** Has one handed to a session of this process. Whatever fails on its way is released. */
  retrieveCredential(wanted: Wanted): Promise<Retrieved>;
  /** The session is over. Said twice, or for a session that has none, it does nothing. */
  releaseCredential(sessionId: string, principal: Principal): Promise<void>;
}

export interface DoorParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly processId: string;
  readonly connections: Connections;
  readonly pace: Pace;
  /** There is something to release. */
  wake(): void;
}

/** Sessions that are worked on at once: more would only wait for one another in the database, until it gives them up. */
const mostAtOnce = 64;

/** What is kept of a lease until its credential is open. */
interface Attempt {
  readonly leaseId: string;
  readonly key: SessionKey;
  readonly ecm: EcmIdentity;
}
interface Going {
  readonly controller: AbortController;
  isAsking: boolean;
  /** Somebody has to approve it. */
  waiting: Attempt | null;
}

export const createDoor = (
  parts: DoorParts,
): { readonly door: CredentialDoor; endForgotten(): Promise<void>; stop(): void } => {
  const { database, clock, log, processId, connections, pace, wake } = parts;
  const going = new Map<string, Going>();
  const line = createLine(mostAtOnce);
  const nextKey = createSessionKeys();
  /** Leases that could not be written down as over; the next round tries again. */
  const forgotten = new Set<string>();

  const findOrRefuse = async (errand: Errand, action: string): Promise<Target> => {
    const { userId, jumpItem } = errand;
    try {
      return await database.read((tx) => findTarget(tx, userId, jumpItem, clock.now()));
    } catch (error) {
      await note(errand, action, nameOf(jumpItem), { outcome: 'refused', ...whyOf(error) });
      throw error;
    }
  };

  const note = async (
    { principal, correlationId }: Errand,
    action: string,
    target: string,
    change: Readonly<Record<string, string | number | null>>,
  ): Promise<void> =>
    database.system((tx) => audit(tx, { principal, correlationId: toId(correlationId) }, { action, target, change }));

  const giveUp = async (leaseId: string): Promise<void> => {
    try {
      await endingLease({ leaseId }, 'failed').execute(database.owner);
      wake();
    } catch (error) {
      log.warn({ err: error, lease: leaseId }, 'a lease could not be ended; the next round tries again');
      forgotten.add(leaseId);
    }
  };

  /** Written down first, so that whatever happens from here on is released. */
  const begin = async (wanted: Wanted, { person, endpoint }: Target, ecm: EcmIdentity): Promise<Attempt> => {
    const { principal, sessionId, userId, jumpItem, credential, reason = '', ticket = null, expiresInMs } = wanted;
    const attempt = { leaseId: newId<string>(), key: nextKey(), ecm };
    const correlationId = toId(wanted.correlationId);
    const lease = {
      ...{ leaseId: attempt.leaseId, sessionId, processId, userId, person, item: jumpItem, endpoint, credential, ecm },
      ...{ correlationId, lifetimeMs: expiresInMs },
    };
    const change = {
      ...{ outcome: 'asked', lease: attempt.leaseId, session: sessionId, person, credential, ecm: ecm.name },
      ...{ reason, ticket },
    };
    const entry = { action: 'credential.retrieve', target: endpoint.hostname, change };
    await doAndAudit(database.owner, { principal, correlationId }, entry, insertingLease(lease));
    return attempt;
  };

  const hold = (wanted: Wanted, { endpoint }: Target, { leaseId, ecm }: Attempt): Promise<boolean> => {
    const by = { principal: wanted.principal, correlationId: toId(wanted.correlationId) };
    const change = { outcome: 'handed', lease: leaseId, session: wanted.sessionId, ecm: ecm.name };
    const entry = { action: 'credential.retrieve', target: endpoint.hostname, change };
    return doAndAudit(database.owner, by, entry, holdingLease(leaseId));
  };

  /** Asks one ECM. Each has a lease of its own: the one before it may have got the credential and never said so. */
  const askOne = async (
    session: Going,
    wanted: Wanted,
    target: Target,
    ecm: EcmConnection,
    { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<Retrieved> => {
    const ends = performance.now() + deadlineMs;
    const { credential, reason = '', ticket = null, expiresInMs } = wanted;
    const correlation = toId(wanted.correlationId);
    const attempt = session.waiting ?? (await begin(wanted, target, identityOf(ecm)));
    session.waiting = null;
    const { leaseId: lease, key } = attempt;
    try {
      const { person, endpoint } = target;
      const answer = await ecm.call(
        'credentials.retrieve',
        { lease, credential, person, endpoint, publicKey: key.publicKey, reason, ticket, expiresInMs },
        { deadlineMs: Math.max(1, Math.floor(ends - performance.now())), correlation, signal },
      );
      if (answer.state === 'waiting') {
        session.waiting = attempt;
        return { state: 'waiting', advice: answer.advice, againMs: answer.againMs };
      }
      const opened = key.open(answer.sealed, { lease, credential, correlation });
      if (!(await hold(wanted, target, attempt)))
        throw new Fault('unexpected', 'The session was over before its credential came.');
      return { state: 'ready', credential: opened };
    } catch (error) {
      await giveUp(lease);
      throw error;
    }
  };

  /** In its turn: what it waits for that counts as what its person waits. */
  const retrieveInLine = async (session: Going, wanted: Wanted): Promise<Retrieved> => {
    const { controller } = session;
    const signal = wanted.signal ? AbortSignal.any([wanted.signal, controller.signal]) : controller.signal;
    const ends = performance.now() + pace.totalMs;
    const leave = await line.enter(pace.totalMs, signal);
    try {
      return await retrieve(session, wanted, { signal, totalMs: Math.max(1, ends - performance.now()) });
    } finally {
      leave();
    }
  };

  const retrieve = async (
    session: Going,
    wanted: Wanted,
    { signal, totalMs }: { readonly signal: AbortSignal; readonly totalMs: number },
  ): Promise<Retrieved> => {
    const target = await findOrRefuse(wanted, 'credential.retrieve');
    const { waiting } = session;
    if (waiting !== null && connections.named(waiting.ecm).length === 0) {
      // Who was asked to approve it belongs to an ECM that is gone.
      session.waiting = null;
      await giveUp(waiting.leaseId);
    }
    const asksAgain = session.waiting;
    const candidates = () =>
      asksAgain === null ? connections.ofGroup(target.ecmGroupId) : connections.named(asksAgain.ecm).slice(0, 1);
    try {
      return await askInTurn(candidates, { ...pace, totalMs, signal }, (ecm, deadlineMs) =>
        askOne(session, wanted, target, ecm, { deadlineMs, signal }),
      );
    } catch (error) {
      if (error instanceof ConstraintError) throw new Fault('unexpected', 'This session has its credential already.');
      await note(wanted, 'credential.retrieve', target.endpoint.hostname, {
        ...{ outcome: 'failed', session: wanted.sessionId, credential: wanted.credential },
        ...whyOf(error),
      });
      throw error;
    }
  };

  const door: CredentialDoor = {
    async listCredentials(errand) {
      const target = await findOrRefuse(errand, 'credential.list');
      const { person, endpoint, ecmGroupId } = target;
      const signal = errand.signal ?? new AbortController().signal;
      const correlation = toId(errand.correlationId);
      try {
        const found = await askInTurn(
          () => connections.ofGroup(ecmGroupId),
          { ...pace, signal },
          async (ecm, deadlineMs) => ({
            ...(await ecm.call('credentials.list', { person, endpoint }, { deadlineMs, correlation, signal })),
            ecm: identityOf(ecm).name,
          }),
        );
        const { credentials, truncated, ecm } = found;
        const change = { outcome: 'listed', person, found: credentials.length, ecm };
        await note(errand, 'credential.list', endpoint.hostname, change);
        return { credentials, truncated };
      } catch (error) {
        await note(errand, 'credential.list', endpoint.hostname, { outcome: 'failed', person, ...whyOf(error) });
        throw error;
      }
    },
    async retrieveCredential(wanted) {
      refuseBounds(wanted);
      const { sessionId } = wanted;
      const session = going.get(sessionId) ?? { controller: new AbortController(), isAsking: false, waiting: null };
      if (session.isAsking) throw new Fault('unexpected', 'This session asks for its credential already.');
      session.isAsking = true;
      going.set(sessionId, session);
      try {
        return await retrieveInLine(session, wanted);
      } finally {
        session.isAsking = false;
        if (session.waiting === null) going.delete(sessionId);
      }
    },
    async releaseCredential(sessionId, principal) {
      going.get(sessionId)?.controller.abort();
      going.delete(sessionId);
      const by = { principal, correlationId: sql<string>`done."correlationId"` };
      const change = sql<object>`jsonb_build_object('lease', "leaseId", 'session', "sessionId", 'ecm', "ecmName")`;
      const entry = { action: 'credential.release', target: sql<string>`done.hostname`, change };
      await doAndAudit(database.owner, by, entry, endingLease({ sessionId }, 'asked'));
      wake();
    },
  };
  return {
    door,
    async endForgotten() {
      for (const leaseId of [...forgotten]) {
        await endingLease({ leaseId }, 'failed').execute(database.owner);
        forgotten.delete(leaseId);
      }
    },
    stop() {
      for (const { controller } of going.values()) controller.abort();
      going.clear();
    },
  };
};

const nameOf = ({ type, id }: JumpItemId) => `${type} ${id}`;
const whyOf = (error: unknown) => {
  const { kind, advice } = toFault(error);
  return { error: kind, advice };
};

/** Ids of requests may hold more than those of the protocol, and be longer. */
const toId = (correlationId: string): string => correlationId.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);

const identityOf = ({ identity }: EcmConnection): EcmIdentity => {
  if (identity === null) throw new Error('an ECM was asked that has not greeted');
  return identity;
};

const refuseBounds = ({ sessionId, credential, reason = '', ticket = null, expiresInMs }: Wanted): void => {
  const isLong = (text: string, most: number) => text.length === 0 || text.length > most;
  if (isLong(sessionId, 200)) throw new Fault('misconfigured', 'sessionId: give 1 to 200 characters.');
  if (isLong(credential, 500)) throw new Fault('misconfigured', 'credential: choose one of the list.');
  if (reason.length > 1_000) throw new Fault('misconfigured', 'reason: write at most 1,000 characters.');
  if (ticket !== null && isLong(ticket, 200)) throw new Fault('misconfigured', 'ticket: give 1 to 200 characters.');
  if (!Number.isInteger(expiresInMs) || expiresInMs < 1_000 || expiresInMs > 7 * 86_400_000)
    throw new Fault('misconfigured', 'expiresInMs: give 1,000 to 604,800,000.');
};
