import type { Database } from '@gatehouse/database';
import { type App, listSystemAudit } from '@gatehouse/server';
import { sql } from 'kysely';
import { AuditEntry, AuditQuery, listOf } from '../api/site.ts';

/** Counting goes no further than this; an audit only grows. */
const countLimit = 10_000;

export const serveAudit = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/audit',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'Who did what, newest first', tags: ['audit'], querystring: AuditQuery },
        response: { 200: listOf(AuditEntry) },
      },
    },
    async ({ query: { cursor, limit, search = '' } }) => {
      const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
      const where = sql<boolean>`(r.actor_name ilike ${like} or r.action ilike ${like} or r.target ilike ${like}
        or r.correlation_id ilike ${like} or r.change ->> 'session' = ${search})`;
      return await database.system(async (tx) => {
        const { items, next } = await listSystemAudit(tx, { cursor, limit, where });
        const counted = await sql<{ count: number }>`
          select count(*)::int as count from (
            select from system_audit r where ${where} limit ${countLimit + 1}) counted`.execute(tx);
        const count = counted.rows[0]?.count ?? 0;
        return {
          items: items.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
          next,
          total: { value: Math.min(count, countLimit), exact: count <= countLimit },
        };
      });
    },
  );
};
