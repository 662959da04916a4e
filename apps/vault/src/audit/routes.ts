import { Readable } from 'node:stream';
import type { App } from '@gatehouse/server';
import { AuditEntry, AuditExport, AuditQuery, type exportFormats, Verdict } from '../api/audit.ts';
import { list } from '../api/words.ts';
import { authorOf } from '../change.ts';
import { endOf } from '../end-of.ts';
import type { VaultParts } from '../parts.ts';
import { type KeptEntry, lineOf, toAnswer } from './lines.ts';
import { listAudit, newestSeq, readAudit } from './list.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['audit'];

const mediaTypes: Readonly<Record<(typeof exportFormats)[number], readonly [type: string, name: string]>> = {
  json: ['application/x-ndjson; charset=utf-8', 'audit.jsonl'],
  cef: ['text/plain; charset=utf-8', 'audit.cef'],
  syslog: ['text/plain; charset=utf-8', 'audit.log'],
};

export const serveAudit = (app: App, { database, audit }: VaultParts): void => {
  app.get(
    '/api/audit',
    {
      config,
      schema: {
        ...{ summary: 'Who did what, newest first', tags, querystring: AuditQuery },
        response: { 200: list(AuditEntry) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listAudit(tx, query, query));
      return { ...page, items: page.items.map(toAnswer) };
    },
  );
  app.post(
    '/api/audit/verify',
    {
      config,
      schema: { summary: 'Go through the whole chain of the audit', tags, response: { 200: Verdict } },
    },
    async (_request, reply) => audit.verify(endOf(app, reply.raw)),
  );
  app.get(
    '/api/audit/export',
    {
      config,
      schema: { summary: 'Entries as JSON lines, CEF or syslog, oldest first', tags, querystring: AuditExport },
    },
    async (request, reply) => {
      const { format, ...filter } = request.query;
      const upTo = await database.system(async (tx) => {
        const newest = await newestSeq(tx);
        await audit.write(tx, authorOf(request), {
          ...{ event: 'EVENT_ID_EXPORTED', target: 'audit', message: `exported the audit as ${format}` },
          arguments: { entries: newest },
        });
        return newest;
      });
      const [type, name] = mediaTypes[format];
      return reply
        .type(type)
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(linesOf(readAudit(database, filter, upTo, endOf(app, reply.raw)), lineOf[format])));
    },
  );
};

async function* linesOf(
  batches: AsyncIterable<readonly KeptEntry[]>,
  line: (entry: KeptEntry) => string,
): AsyncGenerator<string> {
  for await (const batch of batches) yield `${batch.map(line).join('\n')}\n`;
}
