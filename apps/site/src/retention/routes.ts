import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { Due, DueQuery, HeldSession, Hold, HoldInput, Retention, RetentionInput } from '../api/retention.ts';
import { changeHold, countDue, findHold, getRetention, saveRetention } from './store.ts';
import { countSupportDue } from './support-store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['retention'];
const params = z.object({ id: z.uuid() });
const holdPath = '/api/sessions/:id/hold';

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

  app.get(
    holdPath,
    { config, schema: { summary: 'Who keeps a session, and why', tags, params, response: { 200: HeldSession } } },
    async ({ params: { id } }) => {
      const hold = await database.system((tx) => findHold(tx, id));
      if (hold === undefined) throw problems.notFound();
      return { hold };
    },
  );
  app.put(
    holdPath,
    {
      config,
      schema: {
        ...{ summary: 'Keep a session whatever the retention says', tags, params },
        ...{ body: HoldInput, response: { 200: Hold } },
      },
    },
    async ({ act, principal, body: { reason }, params: { id } }) =>
      database.system(async (tx) => {
        const hold = { by: principal.name, at: clock.now(), reason };
        const host = await changeHold(tx, id, hold);
        if (host === null) throw await whyNot(tx, id, 'Somebody keeps this session already.');
        await audit(tx, act, { action: 'session.hold', target: host, change: { session: id, reason } });
        return { ...hold, at: hold.at.toISOString() };
      }),
  );
  app.delete(
    holdPath,
    { config, schema: { summary: 'Leave a session to the retention again', tags, params } },
    async ({ act, params: { id } }, reply) => {
      await database.system(async (tx) => {
        const before = await findHold(tx, id);
        const host = await changeHold(tx, id, null);
        if (host === null) throw await whyNot(tx, id, 'Nobody keeps this session.');
        const change = { session: id, by: before?.by ?? null, reason: before?.reason ?? null };
        await audit(tx, act, { action: 'session.hold-end', target: host, change });
      });
      return reply.code(204).send();
    },
  );
};

/** What is left out stays. @throws Problem 400 */
const toWhole = (before: Retention, given: RetentionInput): Retention => {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const whole = Retention.safeParse({ ...before, ...named });
  if (whole.success) return whole.data;
  throw problems.invalid(whole.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
};

const whyNot = async (tx: Parameters<typeof findHold>[0], id: string, words: string) =>
  (await findHold(tx, id)) === undefined ? problems.notFound() : problems.conflict(words);
