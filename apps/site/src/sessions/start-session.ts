import type { Sql } from '@gatehouse/database';
import { newId, Secret } from '@gatehouse/kernel';
import { audit, Problem, problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { Others, SessionInput } from '../api/console.ts';
import { proveSaid, refuseMissing } from '../conditions/index.ts';
import { findReach, obstacleWords, type Reach } from '../reach/index.ts';
import { findUserOf, type UserName } from '../users/index.ts';
import { createLiveSession, type LiveSession } from './live-session.ts';
import type { Errand, PersonPrincipal, Place, SessionParts } from './model.ts';
import { findPlace } from './place.ts';
import type { Opening } from './run-session.ts';
import { findSession, insertSession, lockItem } from './store.ts';
import { findItemTerms, type ItemTerms } from './terms.ts';

type Input = z.output<typeof SessionInput>;
export interface Asked {
  readonly principal: PersonPrincipal;
  readonly correlationId: string;
  readonly input: Input;
  /** @throws Problem where the code is not the person's */
  proveCode(code: string): Promise<void>;
}

/** Who asks, what for, and on what terms, as of now. */
export interface Ground {
  readonly user: UserName;
  readonly reach: Reach;
  readonly place: Place;
  readonly terms: ItemTerms;
}

/** Writes a session down and makes it live. Nothing was asked of any vault yet. @throws Problem */
export const startSession = async (
  parts: SessionParts,
  { principal, correlationId, input, proveCode }: Asked,
): Promise<{ readonly live: LiveSession; readonly opening: Opening }> => {
  const { database, clock, processId } = parts;
  const before = await database.system((tx) => findGround(tx, principal, input, clock.now()));
  const said = await proveSaid(before.terms.conditions, input, proveCode);

  const id = newId<string>();
  const { credential, reason, ticket } = input;
  const { ground, session } = await database.system(async (tx) => {
    const now = clock.now();
    await lockItem(tx, input.item);
    // Again, with what counts when it begins.
    const ground = await findGround(tx, principal, input, now);
    const { user, reach, terms, place } = ground;
    refuseMissing(terms.conditions, said);
    refuseSecond(terms.others, now);
    const limit = terms.rules.limitMinutes;
    await insertSession(tx, {
      ...{ id, correlationId, processId, user, reason, ticket, requestedAt: now, rules: terms.rules },
      item: { ...input.item, name: reach.name, hostname: reach.hostname, jumpGroup: reach.jumpGroup?.name ?? null },
      credential: credential.from === 'vault' ? credential.id : null,
      account: credential.from === 'vault' ? '' : credential.username,
      limitAt: limit === null ? null : new Date(now.getTime() + limit * parts.pace.minuteMs),
    });
    const change = {
      ...{ session: id, item: reach.name, reason, ticket },
      credential: credential.from === 'vault' ? credential.id : `${credential.username} (typed)`,
    };
    await audit(tx, { principal, correlationId }, { action: 'session.request', target: place.host, change });
    const session = await findSession(tx, id);
    if (session === null) throw new Error('a session was not written down');
    return { ground, session };
  });
  const errand = toErrand(id, { principal, correlationId, input }, ground);
  return { live: createLiveSession(parts, errand, session), opening: toOpening(input, ground.place) };
};

const toErrand = (
  id: string,
  { principal, correlationId, input }: Pick<Asked, 'principal' | 'correlationId' | 'input'>,
  { user, reach, place, terms }: Ground,
): Errand => ({
  ...{ id, correlationId, principal, personId: principal.personId, userId: user.id, place, rules: terms.rules },
  item: { ...input.item, name: reach.name },
  ...{ isRecorded: terms.conditions.isRecorded, jumpPolicyId: reach.jumpPolicyId },
});

const toOpening = ({ credential, reason, ticket }: Input, { domain }: Place): Opening =>
  credential.from === 'vault'
    ? { from: 'vault', id: credential.id, reason, ticket: ticket === '' ? null : ticket }
    : {
        from: 'person',
        credential: {
          ...{ kind: 'password', username: credential.username, password: new Secret(credential.password) },
          domain: domain === '' ? null : domain,
        },
      };

/** @throws Problem 404 for what this person does not see, 403 for what they see and may not open now */
export const findGround = async (
  tx: Sql,
  principal: PersonPrincipal,
  { item }: Pick<Input, 'item'>,
  now: Date,
): Promise<Ground> => {
  const user = await findUserOf(tx, principal.personId);
  const reach = user && (await findReach(tx, user.id, item, now));
  const place = reach && (await findPlace(tx, item));
  if (user === null || reach === null || place === null) throw problems.notFound();
  if (reach.obstacle !== null) throw problems.forbidden(obstacleWords[reach.obstacle]);
  return { user, reach, place, terms: await findItemTerms(tx, reach, user.id, now) };
};

/** @throws Problem 409 where others have a session and the policy has no second one beside it */
const refuseSecond = ({ rule, sessions }: Others, now: Date): void => {
  const [first] = sessions;
  if (first === undefined || rule === 'own' || rule === 'no-join') return;
  const minutes = Math.floor((now.getTime() - Date.parse(first.since)) / 60_000);
  const since = minutes < 1 ? 'just now' : `${minutes} min ago`;
  const names = [...new Set(sessions.map(({ person }) => person))];
  const who = `${names.join(', ')} ${names.length === 1 ? 'has a session' : 'have sessions'}`;
  if (rule === 'disallow')
    throw problems.conflict(`${who} with this endpoint, begun ${since}, and its policy allows one person at a time.`);
  throw new Problem(
    409,
    'join-instead',
    'Join it instead',
    `${who} with this endpoint. Its policy has you join there.`,
  );
};
