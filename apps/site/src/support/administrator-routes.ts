import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  Lsid,
  SessionKeys,
  SessionKeysQuery,
  SupportSessionQuery,
  SupportSessions,
  SupportSessionsQuery,
  WholeSupportSession,
} from '../api/support.ts';
import { listKeys } from './keys/list-keys.ts';
import { revokeKey } from './keys/make-key.ts';
import type { Support } from './open-support.ts';
import { findSession, pageOfSessions } from './store.ts';
import { toViews, toWhole } from './views.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['remote support'];

/** Support sessions and session keys, as administrators see them. */
export const serveSupportOfAdministrators = (app: App, { database, clock }: Support): void => {
  app.get(
    '/api/support-sessions',
    {
      config,
      schema: {
        ...{ summary: 'Support sessions, the newest first', tags, querystring: SupportSessionsQuery },
        response: { 200: SupportSessions },
      },
    },
    async ({ query: { cursor, limit, live } }) =>
      database.system(async (tx) => {
        const before = cursor === undefined ? null : Number(cursor);
        const rows = await pageOfSessions(tx, { before, live: live === 'true', limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const last = shown.at(-1);
        return { items: await toViews(tx, shown), next: rows.length > limit && last ? String(last.lseq) : null };
      }),
  );
  app.get(
    '/api/support-sessions/:lsid',
    {
      config,
      schema: {
        ...{ summary: 'One support session with what happened in it', tags, params: z.object({ lsid: Lsid }) },
        ...{ querystring: SupportSessionQuery, response: { 200: WholeSupportSession } },
      },
    },
    async ({ params: { lsid }, query: { after } }) =>
      database.system(async (tx) => {
        const session = await findSession(tx, lsid);
        if (session === null) throw problems.notFound();
        return await toWhole(tx, session, after);
      }),
  );
  app.get(
    '/api/session-keys',
    {
      config,
      schema: {
        ...{ summary: 'Session keys that are valid', tags, querystring: SessionKeysQuery },
        response: { 200: SessionKeys },
      },
    },
    async ({ query: { cursor, limit } }) =>
      database.system(async (tx) => {
        const before = cursor === undefined ? null : Math.min(Number(cursor), 2_147_483_647);
        const rows = await listKeys(tx, { before, limit: limit + 1, now: clock.now() });
        const items = rows.slice(0, limit).map(({ madeAt, expiresAt, ...row }) => ({
          ...row,
          madeAt: madeAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        }));
        return { items, next: rows.length > limit ? String(items.at(-1)?.id) : null };
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
