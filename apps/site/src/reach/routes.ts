import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ReachOfUser, ReachQuery } from '../api/reach.ts';
import { findObject } from '../objects/index.ts';
import { users } from '../users/index.ts';
import { listReach } from './reach.ts';

/** What a user reaches at this moment, and why not what not: for administrators who wonder. */
export const serveReach = (
  app: App,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void => {
  app.get(
    '/api/users/:id/reach',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'What a user reaches now', tags: ['users'], querystring: ReachQuery },
        params: z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) }),
        response: { 200: ReachOfUser },
      },
    },
    async ({ params: { id }, query: { cursor = '0', limit, search } }) => {
      const offset = Number(cursor);
      return await database.system(async (tx) => {
        if ((await findObject(tx, { kind: users }, id)) === null) throw problems.notFound();
        const found = await listReach(tx, id, clock.now(), { search, limit: limit + 1, offset });
        return {
          items: found.slice(0, limit),
          next: found.length > limit ? String(offset + limit) : null,
        };
      });
    },
  );
};
