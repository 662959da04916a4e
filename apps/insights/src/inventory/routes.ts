import { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { InventoryKind, InventoryList, InventoryQuery, RecordAddress, RecordDetail } from '../api/inventory.ts';
import { serveAround } from './around-routes.ts';
import { findRecord } from './detail.ts';
import { exportRows, parseColumns } from './export.ts';
import { isRecordKind, type Listing, listings } from './kinds.ts';
import { listRows } from './list-rows.ts';
import { readSurroundings, toInventoryRecord } from './present.ts';
import { parseQuery } from './query.ts';
import { withLinks } from './references.ts';

export interface InventoryRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Names findings on a record's page. */
  titleOfRule(ruleId: string): string;
}

const tags = ['inventory'];
const reader = { access: { tenant: 'reader' } } as const;
const OfKind = z.object({ tenantId: z.uuid(), kind: z.string().max(60) });
const ExportQuery = InventoryQuery.omit({ cursor: true, limit: true }).extend({
  /** Names of columns, joined by commas. */
  columns: z.string().max(2_000).optional(),
});

export const serveInventory = (app: App, { database, clock, titleOfRule }: InventoryRouteParts): void => {
  app.get(
    '/api/inventory/kinds',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'The lists of the inventory and their columns',
        tags,
        response: { 200: z.array(InventoryKind) },
      },
    },
    async () => [...listings.values()].map(toKind),
  );

  app.get(
    '/api/tenants/:tenantId/inventory/:kind',
    {
      config: reader,
      schema: {
        ...{ summary: 'One page of a list', tags, params: OfKind, querystring: InventoryQuery },
        description:
          'Search, filters, sort and paging as the query says; rows that are gone only with a filter on `gone`.',
        response: { 200: InventoryList },
      },
    },
    async ({ grant: { tenantId }, params, query: asked }) => {
      const listing = getListing(params.kind);
      const query = parseQuery(listing, tenantId, asked, clock.now());
      return await database.tenant(tenantId, async (tx) => {
        const { rows, next, total } = await listRows(tx, tenantId, query, asked);
        const around = await readSurroundings(tx, tenantId, listing, rows);
        const items = rows.map((row) => toInventoryRecord(listing, row, around));
        return { items: [...(await withLinks(tx, tenantId, listing.kind, items))], next, total };
      });
    },
  );

  app.get(
    '/api/tenants/:tenantId/inventory/:kind/export.csv',
    {
      config: reader,
      schema: { summary: 'Every row of a list as CSV', tags, params: OfKind, querystring: ExportQuery },
    },
    async ({ grant, params, query: asked }, reply) => {
      const { tenantId } = grant;
      const listing = getListing(params.kind);
      const query = parseQuery(listing, tenantId, asked, clock.now());
      const columns = parseColumns(listing, asked.columns);
      await database.tenant(tenantId, (tx) =>
        audit(tx, grant, { action: 'inventory.export', target: listing.kind, change: { query: query.asked } }),
      );
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, app.closing]);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${listing.kind}.csv"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(exportRows(database, tenantId, query, columns, signal)));
    },
  );

  app.get(
    '/api/tenants/:tenantId/inventory/:kind/record',
    {
      config: reader,
      schema: {
        ...{ summary: 'Everything about one record', tags, params: OfKind, querystring: RecordAddress },
        response: { 200: RecordDetail },
      },
    },
    async ({ grant: { tenantId }, params: { kind }, query: address }) => {
      const listing = getListing(kind);
      if (!isRecordKind(kind)) throw problems.notFound();
      const detail = await database.tenant(tenantId, (tx) =>
        findRecord(tx, tenantId, listing, kind, address, titleOfRule),
      );
      if (!detail) throw problems.notFound();
      return detail;
    },
  );

  serveAround(app, { database });
};

const getListing = (kind: string): Listing => {
  const listing = listings.get(kind);
  if (!listing) throw problems.notFound();
  return listing;
};

const toKind = ({ kind, title, one, columns }: Listing): z.input<typeof InventoryKind> => ({
  kind,
  title,
  one,
  columns: columns.map(({ name, title, type, values, search, sort, shown }) => ({
    ...{ name, title, type, search, sort, shown },
    values: values === null ? null : [...values],
  })),
});
