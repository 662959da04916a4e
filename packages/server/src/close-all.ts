import type { Log } from './log.ts';

/**
 * Closes what a program opened: everything but the first, which is its database, at once together, because five seconds
 * are for all of it; the database last. Empties the list, so that a second call does nothing.
 */
export const closeAll = async (closers: (() => Promise<unknown>)[], log: Log): Promise<void> => {
  const [closeDatabase, ...others] = closers.splice(0);
  const settled = Promise.allSettled(others.map((stop) => stop()));
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), 4_500);
  const results = await Promise.race([settled, late.promise]);
  clearTimeout(timer);
  if (results === 'late') log.warn('not everything stopped in time; what was under way is resumed at the next start');
  else {
    for (const result of results) {
      if (result.status === 'rejected') log.warn({ err: result.reason }, 'something did not stop cleanly');
    }
  }
  await Promise.race([closeDatabase?.(), new Promise((resolve) => setTimeout(resolve, 400).unref())]);
};
