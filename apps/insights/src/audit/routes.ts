import { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { type App, audit, listAudit } from '@gatehouse/server';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { AuditEntry, AuditQuery } from '../api/audit.ts';
import { list } from '../api/words.ts';
import { conditions, parseColumns, parseQuery, type Query } from '../inventory/index.ts';
import { parsePlace, writePlace } from '../paging.ts';
import { exportAudit } from './export.ts';
import { auditListing } from './listing.ts';

/** Counting goes no further than this; an audit only grows. */
const countLimit = 10_000;

const tags = ['audit'];
const administrator = { access: { tenant: 'administrator' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const ExportQuery = AuditQuery.omit({ cursor: true, limit: true }).extend({
  /** Names of columns, joined by commas. */
  columns: z.string().max(2_000).optional(),
});

export interface AuditRouteParts {
  readonly database: Database;
  readonly clock: Clock;
}

export const serveAudit = (app: App, { database, clock }: AuditRouteParts): void => {
  app.get(
    '/api/tenants/:tenantId/audit',
    {
      config: administrator,
      schema: {
        ...{ summary: 'Who did what, newest first', tags, params: InTenant },
        ...{ querystring: AuditQuery, response: { 200: list(AuditEntry) } },
      },
    },
    async ({ grant, query: asked }) => {
      const query = parseQuery(auditListing, grant.tenantId, asked, clock.now());
      const where = whereOf(grant.tenantId, query);
      const place = parsePlace(asked.cursor, query.asked) ?? undefined;
      return await database.tenant(grant.tenantId, async (tx) => {
        const { items, next } = await listAudit(tx, grant, { cursor: place, limit: asked.limit, where });
        const counted = await sql<{ count: number }>`
          select count(*)::int as count from (
            select from audit r where ${where} limit ${countLimit + 1}) counted`.execute(tx);
        const count = counted.rows[0]?.count ?? 0;
        return {
          items: items.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
          next: writePlace(next ?? undefined, query.asked),
          total: { value: Math.min(count, countLimit), exact: count <= countLimit },
        };
      });
    },
  );

  app.get(
    '/api/tenants/:tenantId/audit/export.csv',
    {
      config: administrator,
      schema: { summary: 'Every entry of the audit log as CSV', tags, params: InTenant, querystring: ExportQuery },
    },
    async ({ grant, query: asked }, reply) => {
      const query = parseQuery(auditListing, grant.tenantId, asked, clock.now());
      const columns = parseColumns(auditListing, asked.columns);
      await database.tenant(grant.tenantId, (tx) =>
        audit(tx, grant, { action: 'audit.export', target: auditListing.title, change: { query: query.asked } }),
      );
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, app.closing]);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .header('cache-control', 'no-store')
        .send(Readable.from(exportAudit(database, grant, whereOf(grant.tenantId, query), columns, signal)));
    },
  );
};

/** Over the alias `r`. */
const whereOf = (tenantId: TenantId, query: Query): RawBuilder<boolean> => {
  const way = { how: 'free', indexed: query.words } as const;
  return conditions(tenantId, query, way);
};
