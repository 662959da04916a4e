import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { Due, DueQuery, Retention, RetentionInput } from '../api/retention.ts';
import { serveHolds } from './hold-routes.ts';
import { countDue, getRetention, saveRetention } from './store.ts';
import { countSupportDue } from './support-store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['retention'];

interface RetentionParts {
  readonly database: Database;
  readonly clock: Clock;
}

/** How long sessions and their recordings are kept, and which are kept in any case. */
export const serveRetention = (app: App, { database, clock }: RetentionParts): void => {
  app.get(
    '/api/retention',
    { config, schema: { summary: 'How long sessions are kept', tags, response: { 200: Retention } } },
    async () => database.system(getRetention),
  );
  app.put(
    '/api/retention',
    {
      config,
      schema: {
        summary: 'Change how long sessions are kept',
        tags,
        body: RetentionInput,
        response: { 200: Retention },
      },
    },
    async ({ act, body }) =>
      database.system(async (tx) => {
        const before = await getRetention(tx);
        const after = toWhole(before, body);
        await saveRetention(tx, after);
        await audit(tx, act, { action: 'retention.change', target: 'Site', change: { before, after } });
        return after;
      }),
  );
  app.get(
    '/api/retention/due',
    {
      config,
      schema: {
        summary: 'What such a retention would remove now',
        tags,
        querystring: DueQuery,
        response: { 200: Due },
      },
    },
    async ({ query }) =>
      database.system(async (tx) => {
        const [kept, now] = [toWhole(await getRetention(tx), query), clock.now()];
        return { ...(await countDue(tx, kept, now)), support: await countSupportDue(tx, kept, now) };
      }),
  );
  serveHolds(app, { database, clock });
};

/** What is left out stays. @throws Problem 400 */
const toWhole = (before: Retention, given: RetentionInput): Retention => {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const whole = Retention.safeParse({ ...before, ...named });
  if (whole.success) return whole.data;
  throw problems.invalid(whole.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
};
