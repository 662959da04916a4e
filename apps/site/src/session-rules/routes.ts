import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { SessionRules } from '../api/console.ts';
import { findRules, saveRules } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['session policies'];
const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const path = '/api/session-policies/:id/rules';

export const serveSessionRules = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    path,
    {
      config,
      schema: { summary: 'What holds in sessions of a policy', tags, params, response: { 200: SessionRules } },
    },
    async ({ params: { id } }) => {
      const rules = await database.system((tx) => findRules(tx, id));
      if (rules === null) throw problems.notFound();
      return rules;
    },
  );
  app.put(
    path,
    {
      config,
      schema: {
        ...{ summary: 'Change what holds in sessions of a policy', tags, params, body: SessionRules },
        response: { 200: SessionRules },
      },
    },
    async ({ act, body, params: { id } }) =>
      database.system(async (tx) => {
        const before = await findRules(tx, id);
        if (before === null) throw problems.notFound();
        await saveRules(tx, id, body);
        const change = { before, after: body };
        await audit(tx, act, { action: 'session-policy.rules', target: String(id), change });
        return body;
      }),
  );
};
