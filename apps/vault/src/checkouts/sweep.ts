import type { VaultParts } from '../parts.ts';
import { expireRequests } from '../requests/index.ts';
import { authorOf, endCheckout } from './check-in.ts';
import type { Rotation } from './model.ts';
import { findCheckout, forgetEndedLeases, listDue } from './store.ts';

/**
 * Checks in what is over, each in a transaction of its own, and ends requests that nobody decided or used. What is over is
 * in the database, so a restart loses nothing, and several sweeps at once end each check-out once. Answers how many it
 * ended.
 */
export const sweepCheckouts = async (
  parts: VaultParts,
  rotation: Rotation | null,
  signal: AbortSignal,
): Promise<number> => {
  const { database, clock, log } = parts;
  let ended = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const due = await database.system((tx) => listDue(tx, clock.now(), after, 100));
    for (const checkoutId of due) {
      signal.throwIfAborted();
      try {
        if (await expire(parts, rotation, checkoutId)) ended += 1;
      } catch (error) {
        // One that cannot be ended now must not keep the others out; the next sweep meets it again.
        log.warn({ err: error, checkoutId }, 'a check-out that is over was not ended');
      }
    }
    const last = due.at(-1);
    if (last === undefined || due.length < 100) break;
    after = last;
  }
  await database.system(async (tx) => {
    await expireRequests(tx, clock.now());
    await forgetEndedLeases(tx, clock.now());
  });
  return ended;
};

const expire = ({ database, ...parts }: VaultParts, rotation: Rotation | null, checkoutId: string): Promise<boolean> =>
  database.system(async (tx) => {
    const checkout = await findCheckout(tx, checkoutId);
    if (checkout === null || checkout.checkedInAt !== null) return false;
    const of = { checkoutId, endedBy: 'expiry', by: authorOf(checkout) } as const;
    return (await endCheckout(tx, { database, ...parts }, rotation, of))?.isNew ?? false;
  });
