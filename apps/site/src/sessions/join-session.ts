import { audit, problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { JoinInput } from '../api/console.ts';
import { proveSaid } from '../conditions/index.ts';
import type { LiveSession } from './live-session.ts';
import type { PersonPrincipal, SessionParts } from './model.ts';
import { addParticipant, endParticipant } from './participants.ts';
import { findGround } from './start-session.ts';
import { findSession } from './store.ts';

/** In one session at once, besides its person. */
const mostGuests = 10;

interface AskedToJoin {
  readonly principal: PersonPrincipal;
  readonly input: z.output<typeof JoinInput>;
  /** @throws Problem where the code is not the person's */
  proveCode(code: string): Promise<void>;
}

/**
 * Lets somebody into a live session, on the terms on which they could open one. They get no credential: what they do, they
 * do with the account of the one who opened it, and that one's leaving ends it. @throws Problem
 */
export const joinSession = async (
  parts: SessionParts,
  live: LiveSession,
  { principal, input, proveCode }: AskedToJoin,
): Promise<void> => {
  const { database, clock } = parts;
  const { id, item, correlationId, place, personId } = live.errand;
  if (principal.personId === personId) throw problems.conflict('This session is yours.');
  const before = await database.system((tx) => findGround(tx, principal, { item }, clock.now()));
  const { user, terms } = before;
  if (live.guests.has(user.id)) return;
  if (terms.others.rule !== 'join')
    throw problems.forbidden('The policy of this endpoint lets nobody join a session of somebody else.');
  await proveSaid(terms.conditions, input, proveCode);
  if (live.guests.list().length >= mostGuests) throw problems.conflict('No more people fit into this session.');
  if (live.session().state !== 'open' || live.shell() === null)
    throw problems.conflict('This session is not open yet. Try again in a moment.');
  const { reason, ticket } = input;
  const joined = await database.system(async (tx) => {
    const now = clock.now();
    const { id: userId, username, name } = user;
    // Where it could not be written down that they left.
    await endParticipant(tx, id, userId, now);
    const participant = { userId, username, name, reason, ticket, joinedAt: now.toISOString(), leftAt: null };
    if (!(await addParticipant(tx, id, participant))) return null;
    const change = { session: id, person: live.session().person.username, reason, ticket };
    await audit(tx, { principal, correlationId }, { action: 'session.join', target: place.host, change });
    return findSession(tx, id);
  });
  if (joined === null || live.isOver()) throw problems.conflict('This session has ended.');
  live.update(joined);
  live.admit({ userId: user.id, name: user.name, principal, idleMinutes: terms.rules.idleMinutes });
};

/** Takes a guest out, and writes it down; nothing where they are none. */
export const leaveSession = async (
  { database, clock, log }: SessionParts,
  live: LiveSession,
  userId: number,
  words: string,
): Promise<void> => {
  const guest = live.guests.list().find((one) => one.guest.userId === userId)?.guest;
  if (guest === undefined || !live.dismiss(userId, words)) return;
  const { id, correlationId, place } = live.errand;
  try {
    const left = await database.system(async (tx) => {
      await endParticipant(tx, id, userId, clock.now());
      const change = { session: id, problem: words };
      const by = { principal: guest.principal, correlationId };
      await audit(tx, by, { action: 'session.leave', target: place.host, change });
      return findSession(tx, id);
    });
    if (left !== null) live.update(left);
  } catch (error) {
    // They are out; the end of the session writes down when at the latest.
    log.warn({ session: id, err: error }, 'that somebody left a session could not be written down');
  }
};
