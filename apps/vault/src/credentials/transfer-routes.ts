import { Readable } from 'node:stream';
import { Secret } from '@gatehouse/kernel';
import { type App, problems, sealFile } from '@gatehouse/server';
import { ExportQuery, ImportQuery, ImportResult, SealedExport } from '../api/credentials.ts';
import { authorOf, change, type Sender } from '../change.ts';
import { endOf } from '../end-of.ts';
import type { VaultParts } from '../parts.ts';
import { invalid } from '../problems.ts';
import { exportCredentials } from './export.ts';
import { storeRows } from './import.ts';
import { type RowFault, readRows } from './import-rows.ts';
import { wordsOf } from './model.ts';
import { findSet } from './sets.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['credentials'];
const mostFaults = 100;

/** Credentials from and into files. */
export const serveTransfers = (app: App, parts: VaultParts): void => {
  const { database, envelope, clock } = parts;
  // Read as it comes, by the import alone: every other route refuses what is no JSON.
  app.addContentTypeParser('text/csv', (request, payload, done) => {
    if (request.routeOptions.url === importPath) done(null, payload);
    else done(problems.unreadable(), undefined);
  });
  app.post(
    importPath,
    {
      config,
      schema: {
        ...{ summary: 'Add and change credentials from CSV (text/csv), in the columns of Privileged Identity', tags },
        ...{ querystring: ImportQuery, response: { 200: ImportResult } },
      },
    },
    async (request) => {
      const { skip, existing } = request.query;
      if (!(request.body instanceof Readable)) throw invalid('body', 'Send the file as text/csv.');
      const read = await readRows(request.body);
      if (!read.isWhole || (read.faults.length > 0 && skip === undefined)) throw faulty(read.faults);
      return change(parts, request, async (tx, note) => {
        const done = await storeRows(tx, envelope, read.rows, { existing, at: clock.now() });
        const { created, changed, kept } = done;
        for (const system of done.systems)
          note({ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: system, message: `added the system ${system}` });
        for (const target of done.stored.map(wordsOf))
          note({ event: 'EVENT_ID_PASSWORD_STORED', target, message: `stored a password for ${target}` });
        const skipped = new Set(read.faults.map(({ line }) => line)).size;
        note({
          ...{ event: 'EVENT_ID_CONFIGURATION_CHANGED', target: 'credentials', message: 'imported credentials' },
          arguments: { created, changed, kept, skipped, systems: done.systems.length },
        });
        const systemsCreated = done.systems.length;
        return { created, changed, kept, systemsCreated, skipped, faults: read.faults.slice(0, mostFaults) };
      });
    },
  );
  app.get(
    '/api/credentials/export.csv',
    {
      config,
      schema: { summary: 'Every credential as CSV, without passwords', tags, querystring: ExportQuery },
    },
    async (request, reply) => {
      const { setId } = request.query;
      await noteExport(parts, request, setId, false);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="credentials.csv"')
        .header('cache-control', 'no-store')
        .send(Readable.from(exportCredentials(database, null, setId, endOf(app, reply.raw))));
    },
  );
  app.post(
    '/api/credentials/export',
    {
      config,
      schema: {
        ...{ summary: 'Every credential with its password, sealed to a passphrase', tags, body: SealedExport },
      },
    },
    async (request, reply) => {
      const { setId, passphrase } = request.body;
      // On pages a password takes a second factor and a second person. Who may use the command line of this machine can
      // read its master key as well, so nothing more is given away there.
      if (!parts.reveal) throw problems.forbidden('This vault shows no passwords. Its setting --reveal allows it.');
      if (request.principal.kind !== 'operator')
        throw problems.forbidden('Passwords are exported on the command line of the vault’s own machine alone.');
      await noteExport(parts, request, setId, true);
      const lines = exportCredentials(database, envelope, setId, endOf(app, reply.raw));
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', 'attachment; filename="credentials.sealed"')
        .header('cache-control', 'no-store')
        .send(Readable.from(sealFile(new Secret(passphrase), lines)));
    },
  );
};

const importPath = '/api/credentials/import';

const faulty = (faults: readonly RowFault[]) =>
  problems.invalid(
    faults.slice(0, mostFaults).map(({ line, column, message }) => ({ field: `line ${line}, ${column}`, message })),
  );

/** Written before the first line is sent: what was begun may have been read. */
const noteExport = ({ database, audit }: VaultParts, sender: Sender, setId: string | undefined, secrets: boolean) =>
  database.system(async (tx) => {
    const set = setId === undefined ? null : await findSet(tx, setId);
    if (setId !== undefined && set === null) throw invalid('setId', 'There is no such management set.');
    await audit.write(tx, authorOf(sender), {
      ...{ event: 'EVENT_ID_EXPORTED', target: set ? `credentials of ${set.name}` : 'credentials' },
      message: secrets ? 'exported credentials with their passwords' : 'exported credentials without passwords',
    });
  });
