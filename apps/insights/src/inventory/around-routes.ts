import type { Database, Sql } from '@gatehouse/database';
import { type App, problems, type TenantGrant } from '@gatehouse/server';
import { z } from 'zod';
import { AroundQuery, GrantPath, RelatedItem, RelatedQuery } from '../api/inventory.ts';
import { list } from '../api/words.ts';
import type { Total } from './cursor.ts';
import { findRow } from './detail.ts';
import { findGrantPaths } from './grant-paths.ts';
import { isRecordKind, listings } from './kinds.ts';
import { openScope } from './links.ts';
import { type Excerpt, listRelated } from './list-related.ts';
import { readPart } from './position.ts';

const tags = ['inventory'];
const reader = { access: { tenant: 'reader' } } as const;
const OfKind = z.object({ tenantId: z.uuid(), kind: z.string().max(60) });

/** What stands around one record, whole: the lists beside it, and the ways by which it holds roles. */
export const serveAround = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/tenants/:tenantId/inventory/:kind/record/related',
    {
      config: reader,
      schema: {
        ...{ summary: 'One page of a list beside a record', tags, params: OfKind, querystring: RelatedQuery },
        response: { 200: list(RelatedItem) },
      },
    },
    async ({ grant, params: { kind }, query }) =>
      await database.tenant(grant.tenantId, async (tx) => {
        const at = await open(tx, grant, kind, query);
        return await readPage(grant, `related ${kind} ${query.list}`, query, (excerpt) =>
          listRelated(tx, at.scope, at.kind, at.record, query.list, excerpt),
        );
      }),
  );

  app.get(
    '/api/tenants/:tenantId/inventory/:kind/record/grants',
    {
      config: reader,
      schema: {
        ...{ summary: 'The ways by which a record holds roles', tags, params: OfKind, querystring: AroundQuery },
        response: { 200: list(GrantPath) },
      },
    },
    async ({ grant, params: { kind }, query }) =>
      await database.tenant(grant.tenantId, async (tx) => {
        const at = await open(tx, grant, kind, query);
        return await readPage(grant, `grants ${kind}`, query, async (excerpt) => {
          const { paths, total } = await findGrantPaths(tx, at.scope, at.kind, query.id, excerpt);
          return { items: paths, total };
        });
      }),
  );
};

type Asked = z.output<typeof AroundQuery>;

const open = async (tx: Sql, { tenantId }: TenantGrant, kind: string, address: Asked) => {
  const listing = listings.get(kind);
  if (!listing || !isRecordKind(kind)) throw problems.notFound();
  const found = await findRow(tx, tenantId, listing, kind, address);
  if (!found) throw problems.notFound();
  return { kind, record: found.record, scope: await openScope(tx, tenantId, address.connection) };
};

const readPage = <T>(
  { tenantId }: TenantGrant,
  what: string,
  query: Asked,
  read: (excerpt: Excerpt) => Promise<{ items: readonly T[]; total: Total }>,
) => {
  const { connection, stream, id, search = '' } = query;
  const words = search.split(/\s+/u).filter(Boolean).slice(0, 20);
  const asked = JSON.stringify([tenantId, what, connection, stream, id, search]);
  return readPart(asked, query, (part) => read({ ...part, words }));
};
