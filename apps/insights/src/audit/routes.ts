import type { Database } from '@gatehouse/database';
import { type App, listAudit } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { AuditEntry } from '../api/tenants.ts';
import { ListQuery, list } from '../api/words.ts';
import { parsePlace, writePlace } from '../paging.ts';

/** Counting goes no further than this; an audit only grows. */
const countLimit = 10_000;

export const serveAudit = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/tenants/:tenantId/audit',
    {
      config: { access: { tenant: 'administrator' } },
      schema: {
        ...{ summary: 'Who did what, newest first', tags: ['audit'], params: z.object({ tenantId: z.uuid() }) },
        ...{ querystring: ListQuery, response: { 200: list(AuditEntry) } },
      },
    },
    async ({ grant, query: { cursor, limit } }) => {
      const asked = `audit ${grant.tenantId}`;
      const place = parsePlace(cursor, asked) ?? undefined;
      return await database.tenant(grant.tenantId, async (tx) => {
        const { items, next } = await listAudit(tx, grant, { cursor: place, limit });
        const counted = await sql<{ count: number }>`
          select count(*)::int as count from (
            select from audit where tenant_id = ${grant.tenantId} limit ${countLimit + 1}) counted`.execute(tx);
        const count = counted.rows[0]?.count ?? 0;
        return {
          items: items.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
          next: writePlace(next ?? undefined, asked),
          total: { value: Math.min(count, countLimit), exact: count <= countLimit },
        };
      });
    },
  );
};
