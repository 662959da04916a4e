import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { Schedule } from '../api/jump-policies.ts';
import { findSchedule, saveSchedule } from './store.ts';
import { isTimezone } from './within.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['jump policies'];
const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const path = '/api/jump-policies/:id/schedule';

export const serveSchedules = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    path,
    { config, schema: { summary: 'When a Jump policy lets people in', tags, params, response: { 200: Schedule } } },
    async ({ params: { id } }) => {
      const schedule = await database.system((tx) => findSchedule(tx, id));
      if (schedule === null) throw problems.notFound();
      return schedule;
    },
  );
  app.put(
    path,
    {
      config,
      schema: {
        ...{ summary: 'Change when a Jump policy lets people in', tags, params, body: Schedule },
        response: { 200: Schedule },
      },
    },
    async ({ act, body, params: { id } }) => {
      if (!isTimezone(body.timezone))
        throw problems.invalid([{ field: 'timezone', message: 'There is no such time zone.' }]);
      await database.system(async (tx) => {
        const before = await findSchedule(tx, id);
        if (before === null) throw problems.notFound();
        await saveSchedule(tx, id, body);
        await audit(tx, act, { action: 'jump-policy.schedule', target: String(id), change: { before, after: body } });
      });
      return body;
    },
  );
};
