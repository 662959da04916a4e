import type { Sql } from '@gatehouse/database';
import type { z } from 'zod';
import { Status } from '../api/support.ts';
import { Refusal } from '../objects/index.ts';
import { findQueue, findRights, listSignedIn, type SignedIn } from '../support/index.ts';
import { id, words } from '../xml-api/index.ts';

/** Somebody whose console is open. @throws Refusal that names them */
export const requireSignedIn = async (tx: Sql, userId: number, now: Date): Promise<SignedIn> => {
  const [found] = await listSignedIn(tx, now, userId);
  if (found !== undefined) return found;
  const rights = await findRights(tx, userId);
  throw new Refusal([
    {
      field: 'rep_id',
      message:
        rights === null
          ? `There is no representative with the id ${userId}.`
          : `${rights.username} is not signed in to the console.`,
    },
  ]);
};

/** How actions name a representative. Some programs say `user_id`. */
export const who = { rep_id: id.optional(), rep_username: words(255, 1).optional(), user_id: id.optional() };

/** By id or by name, of which one is there. @throws Refusal */
export const findRepresentative = async (
  tx: Sql,
  { rep_id: repId, rep_username: username, user_id: userId }: z.output<z.ZodObject<typeof who>>,
  now: Date,
): Promise<SignedIn> => {
  const [named, another] = [repId, username, userId].filter((one) => one !== undefined);
  if (named === undefined || another !== undefined)
    throw new Refusal([{ field: 'rep_id', message: 'Name either rep_id or rep_username.' }]);
  if (typeof named === 'number') return await requireSignedIn(tx, named, now);
  const { queue } = await findQueue(tx, { type: 'rep_username', username: username ?? '' });
  return await requireSignedIn(tx, queue.type === 'rep' ? queue.id : 0, now);
};

export const statusOf = (codeName: string): Status => {
  const parsed = Status.safeParse(codeName);
  if (parsed.success) return parsed.data;
  throw new Refusal([
    {
      field: 'code_name',
      message: `There is no status “${codeName.slice(0, 64)}”. Choose ${Status.options.join(', ')}.`,
    },
  ]);
};
