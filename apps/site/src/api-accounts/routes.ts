import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ApiAccountSecret } from '../api/api-accounts.ts';
import { renewSecret, unlockAccount } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['API accounts'];
const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

/** What is done to an API account beside changing it. */
export const serveApiAccounts = (app: App, { database }: { readonly database: Database }): void => {
  app.post(
    '/api/api-accounts/:id/secret',
    {
      config,
      schema: {
        ...{ summary: 'Make a new secret; it is answered this once, and every token ends', tags, params },
        response: { 200: ApiAccountSecret },
      },
    },
    async ({ act, params: { id } }) => {
      const made = await database.system(async (tx) => {
        const renewed = await renewSecret(tx, id);
        if (renewed) await audit(tx, act, { action: 'api-account.secret', target: renewed.name });
        return renewed;
      });
      if (made === null) throw problems.notFound();
      return { id, client_id: made.clientId, client_secret: made.secret.reveal() };
    },
  );
  app.post(
    '/api/api-accounts/:id/unlock',
    {
      config,
      schema: {
        ...{ summary: 'Let a locked API account try again', tags, params },
        response: { 204: z.void() },
      },
    },
    async ({ act, params: { id } }, reply) => {
      await database.system(async (tx) => {
        const name = await unlockAccount(tx, id);
        if (name === null) throw problems.notFound();
        await audit(tx, act, { action: 'api-account.unlock', target: name });
      });
      return reply.code(204).send();
    },
  );
};
