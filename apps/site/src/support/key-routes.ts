import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { SessionKeys, SessionKeysQuery } from '../api/support-reports.ts';
import { listKeys } from './keys/list-keys.ts';
import { revokeKey } from './keys/make-key.ts';
import type { Support } from './open-support.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['remote support'];

/** Session keys of everybody, as administrators see them. */
export const serveKeysOfAdministrators = (app: App, { database, clock }: Support): void => {
  app.get(
    '/api/session-keys',
    {
      config,
      schema: {
        ...{ summary: 'Session keys that are valid', tags, querystring: SessionKeysQuery },
        response: { 200: SessionKeys },
      },
    },
    async ({ query: { cursor, limit, search } }) =>
      database.system(async (tx) => {
        const before = cursor === undefined ? null : Math.min(Number(cursor), 2_147_483_647);
        const { rows, total } = await listKeys(tx, { before, search, limit: limit + 1, now: clock.now() });
        const items = rows.slice(0, limit).map(({ madeAt, expiresAt, ...row }) => ({
          ...row,
          madeAt: madeAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        }));
        return { items, next: rows.length > limit ? String(items.at(-1)?.id) : null, total };
      }),
  );
  app.delete(
    '/api/session-keys/:id',
    {
      config,
      schema: {
        ...{ summary: 'Revoke a session key', tags, response: { 204: z.void() } },
        params: z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) }),
      },
    },
    async ({ act, params: { id } }, reply) => {
      const done = await database.system((tx) => revokeKey({ tx, by: act, now: clock.now() }, id));
      if (!done) throw problems.notFound();
      return reply.code(204).send();
    },
  );
};
