import { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import { type AuditRow, audit } from '@gatehouse/server';
import { Zip, ZipDeflate } from 'fflate';
import { sql } from 'kysely';
import { z } from 'zod';
import { getApplianceId, getOptions } from '../../options/index.ts';
import type { Stream } from '../../xml-api/index.ts';
import { type Span, spanFields, spanOf } from '../choice.ts';
import { inPages, isIn, type Place, placeOf } from '../pages.ts';
import { defineReport } from '../report.ts';
import { linesOf, type Source } from './lines.ts';

/** Everything that the audit has, as a ZIP with one text; with a time, of that alone. */
export const syslog = defineReport({
  ...{ name: 'Syslog', needs: 'reportingSyslog', parameters: z.object(spanFields) },
  run: async ({ parameters, database, clock, by, address, baseUrl }): Promise<Stream> => {
    const now = clock.now();
    const span = spanOf(parameters) ?? { from: new Date(0), until: null };
    const source = await database.system(async (tx) => {
      const change = { address, from: span.from.toISOString(), until: span.until?.toISOString() ?? null };
      await audit(tx, by, { action: 'syslog-report.generate', target: 'Syslog', change });
      const [{ company }, applianceId] = [await getOptions(tx), await getApplianceId(tx)];
      return toSource(company, applianceId, baseUrl());
    });
    const name = `syslog-${now.toISOString().slice(0, 10)}`;
    const bytes = zipped(`${name}.txt`, now, lines(database, span, source));
    return { type: 'application/zip', filename: `${name}.zip`, bytes: Readable.from(bytes, { objectMode: false }) };
  },
});

const toSource = (company: string, applianceId: string, url: string): Source => ({
  host:
    company
      .toLowerCase()
      .replaceAll(/[^a-z]/g, '')
      .slice(0, 60) || 'site',
  siteId: 1 + (Number.parseInt(applianceId.slice(0, 8), 16) % 99_999),
  site: new URL(url).hostname,
});

const pageSize = 1_000;

async function* lines(database: Database, span: Span, source: Source): AsyncGenerator<string> {
  let number = 1;
  for await (const page of entries(database, span)) {
    let text = '';
    for (const entry of page) text += linesOf(entry, number++, source);
    yield text;
  }
}

const entries = (database: Database, span: Span): AsyncGenerator<readonly AuditRow[]> =>
  inPages(pageSize, (after, limit) =>
    database.read(async (tx) => {
      const isHere = isIn({ at: sql`a.at`, seq: sql`a.audit_id`, type: 'uuid' }, span, after);
      const { rows } = await sql<AuditRow & { place: Place }>`
        select a.audit_id as id, a.at, a.actor_name as actor, a.action, a.target, a.correlation_id as "correlationId",
          a.change, ${placeOf(sql`a.at`, sql`a.audit_id`)} as place
        from system_audit a where ${isHere} order by a.at, a.audit_id limit ${limit}`.execute(tx);
      return rows;
    }),
  );

/** A ZIP as it is made. What breaks off has no directory at its end, without which no program takes it for whole. */
async function* zipped(name: string, at: Date, parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let ready: Buffer[] = [];
  let problem: Error | null = null;
  const zip = new Zip((error, bytes) => {
    if (error === null) ready.push(Buffer.from(bytes));
    else problem = error;
  });
  const file = new ZipDeflate(name, { level: 6 });
  file.mtime = at;
  zip.add(file);
  const take = function* (): Generator<Buffer> {
    if (problem !== null) throw problem;
    yield* ready;
    ready = [];
  };
  for await (const part of parts) {
    file.push(Buffer.from(part));
    yield* take();
  }
  file.push(new Uint8Array(), true);
  zip.end();
  yield* take();
}
