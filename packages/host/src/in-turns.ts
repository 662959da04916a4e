import { setImmediate as otherWork } from 'node:timers/promises';

/** Items between two looks at what else there is to do: two or three milliseconds of work. */
const turn = 200;

/**
 * Works through items and lets the rest of the process have its turn in between: a page of ten thousand records must
 * not keep the database's answers, or people's requests, waiting for a tenth of a second.
 */
export const inTurns = async <T>(items: readonly T[], work: (item: T) => void): Promise<void> => {
  for (let start = 0; start < items.length; start += turn) {
    if (start > 0) await otherWork();
    for (const item of items.slice(start, start + turn)) work(item);
  }
};
