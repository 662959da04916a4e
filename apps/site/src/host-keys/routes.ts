import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { HostKeys } from '../api/console.ts';
import { ListQuery } from '../api/site.ts';
import { listHostKeys, removeHostKey } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['host keys'];

export const serveHostKeys = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/host-keys',
    {
      config,
      schema: {
        ...{ summary: 'The keys by which endpoints are known', tags, querystring: ListQuery },
        response: { 200: HostKeys },
      },
    },
    async ({ query: { cursor = '0', limit, search } }) => {
      const offset = Number(cursor);
      const { rows, total } = await database.system((tx) => listHostKeys(tx, { search, limit, offset }));
      return {
        items: rows.map(({ firstSeenAt, lastSeenAt, ...row }) => ({
          ...row,
          firstSeenAt: firstSeenAt.toISOString(),
          lastSeenAt: lastSeenAt.toISOString(),
        })),
        next: offset + rows.length < total ? String(offset + rows.length) : null,
        total: { value: total, exact: true },
      };
    },
  );
  app.delete(
    '/api/host-keys/:id',
    {
      config,
      schema: {
        ...{ summary: 'Forget a key: the next one is taken for the first', tags },
        params: z.object({ id: z.uuid() }),
      },
    },
    async ({ act, params: { id } }, reply) => {
      await database.system(async (tx) => {
        const removed = await removeHostKey(tx, id);
        if (removed === null) throw problems.notFound();
        const { endpoint, protocol, fingerprint } = removed;
        await audit(tx, act, { action: 'host-key.remove', target: endpoint, change: { protocol, fingerprint } });
      });
      return reply.code(204).send();
    },
  );
};
