import { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { Finding, FindingChange, FindingDetail, FindingQuery, Recommendation } from '../api/findings.ts';
import { list } from '../api/words.ts';
import { recordDay } from '../dashboard/index.ts';
import { changeFindings } from './change-findings.ts';
import { toCsvLine } from './csv.ts';
import { findFinding } from './find-finding.ts';
import { countFindings, everyFinding, listFindings, parseQuery } from './list-findings.ts';
import { listRecommendations } from './list-recommendations.ts';

export interface FindingRouteParts {
  readonly database: Database;
  readonly clock: Clock;
}

const tags = ['findings'];
const reader = { access: { tenant: 'reader' } } as const;
const analyst = { access: { tenant: 'analyst' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const Changed = z.object({ changed: z.number().int() });

export const registerFindingRoutes = (app: App, { database, clock }: FindingRouteParts): void => {
  app.get(
    '/api/tenants/:tenantId/recommendations',
    {
      config: reader,
      schema: {
        ...{ summary: 'Every rule with what it found, or why it cannot see', tags, params: InTenant },
        response: { 200: z.array(Recommendation) },
      },
    },
    ({ grant }) => database.tenant(grant.tenantId, listRecommendations),
  );

  app.get(
    '/api/tenants/:tenantId/findings',
    {
      config: reader,
      schema: {
        ...{ summary: 'Findings', tags, params: InTenant, querystring: FindingQuery },
        response: { 200: list(Finding) },
      },
    },
    ({ grant, query: { limit, cursor, ...query } }) => {
      const asked = parseQuery(grant.tenantId, query);
      return database.tenant(grant.tenantId, async (tx) => ({
        ...(await listFindings(tx, asked, { limit, cursor })),
        total: await countFindings(tx, asked),
      }));
    },
  );

  app.get(
    '/api/tenants/:tenantId/findings/export.csv',
    {
      config: reader,
      schema: { summary: 'Findings as CSV, all pages', tags, params: InTenant, querystring: FindingQuery },
    },
    ({ grant, query: { limit: _, cursor: __, ...query } }, reply) => {
      const asked = parseQuery(grant.tenantId, query);
      const pages = everyFinding((work) => database.tenant(grant.tenantId, work), asked);
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="findings.csv"')
        .header('cache-control', 'no-store');
      return reply.send(Readable.from(toCsv(pages)));
    },
  );

  app.get(
    '/api/tenants/:tenantId/findings/:findingId',
    {
      config: reader,
      schema: {
        ...{ summary: 'A finding with its evidence and history', tags },
        params: InTenant.extend({ findingId: z.uuid() }),
        response: { 200: FindingDetail },
      },
    },
    async ({ grant, params: { findingId } }) => {
      const finding = await database.tenant(grant.tenantId, (tx) => findFinding(tx, findingId));
      if (!finding) throw problems.notFound();
      return finding;
    },
  );

  app.patch(
    '/api/tenants/:tenantId/findings',
    {
      config: analyst,
      schema: {
        ...{ summary: 'Change the status of findings, one or many', tags, params: InTenant, body: FindingChange },
        response: { 200: Changed },
      },
    },
    ({ grant, body }) =>
      database.tenant(grant.tenantId, async (tx) => {
        await changeFindings(tx, grant, body, clock.now());
        await recordDay(tx, grant.tenantId, clock.now());
        return { changed: new Set(body.findingIds).size };
      }),
  );
};

const heading = [
  ...[
    'finding',
    'rule',
    'title',
    'severity',
    'sensitivity',
    'status',
    'subject',
    'subject kind',
    'subject id',
    'connection',
  ],
  ...['connector', 'first seen', 'last seen', 'resolved', 'owner', 'accepted until', 'accepted because'],
];

async function* toCsv(pages: AsyncIterable<readonly z.input<typeof Finding>[]>): AsyncGenerator<string> {
  yield toCsvLine(heading);
  for await (const page of pages) {
    yield page
      .map((one) =>
        toCsvLine([
          ...[one.findingId, one.ruleId, one.title, one.severity, one.sensitivity, one.status],
          ...[one.subject.label, one.subject.kind, one.subject.id, one.connectionName, one.connector],
          ...[one.firstSeenAt, one.lastSeenAt, one.resolvedAt, one.owner, one.acceptedUntil, one.acceptedReason],
        ]),
      )
      .join('');
  }
}
