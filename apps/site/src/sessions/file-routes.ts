import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type { SshFile, SshFiles } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { type App, audit, problems, type Request } from '@gatehouse/server';
import { FileInput, FileList, FilesQuery, FolderInput, RenameInput } from '../api/console.ts';
import type { LiveSession } from './live-session.ts';
import type { Sessions } from './open-sessions.ts';
import { findOwnLive, OneSession } from './routes.ts';

const config = { access: 'signed-in' } as const;
const tags = ['files'];
const params = OneSession;
const path = '/api/console/sessions/:id/files';
const mostEntries = 5_000;

/** Files of the account at the endpoint, as far as the rules of the session go. Everything but looking is in the audit. */
export const serveFiles = (app: App, sessions: Sessions): void => {
  const { database } = sessions.parts;

  const open = async (request: Request): Promise<{ live: LiveSession; files: SshFiles }> => {
    const live = await findOwnLive(sessions, request);
    const { upload, download } = live.errand.rules;
    if (!upload && !download) throw problems.forbidden('The policy of this session allows no file transfer.');
    const shell = live.shell();
    if (shell === null) throw problems.conflict('Files are there once a shell session is open.');
    live.touch();
    return { live, files: await shell.files() };
  };
  const note = (live: LiveSession, action: string, change: { readonly [name: string]: Json }): Promise<void> => {
    const { principal, correlationId, id, place } = live.errand;
    const entry = { action, target: place.host, change: { session: id, ...change } };
    return database.system((tx) => audit(tx, { principal, correlationId }, entry));
  };

  app.get(
    path,
    { config, schema: { summary: 'A folder', tags, params, querystring: FilesQuery, response: { 200: FileList } } },
    async (request) => {
      const { files } = await open(request);
      const folder = await files.real(request.query.path === '' ? '.' : request.query.path);
      const entries: SshFile[] = [];
      for await (const entry of files.list(folder)) {
        if (entries.length === mostEntries) break;
        entries.push(entry);
      }
      const sorted = entries.toSorted(
        (a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || a.name.localeCompare(b.name),
      );
      return {
        path: folder,
        entries: sorted.map(({ modifiedAt, ...entry }) => ({ ...entry, modifiedAt: modifiedAt.toISOString() })),
        truncated: entries.length === mostEntries,
      };
    },
  );

  app.get(
    `${path}/content`,
    { config, schema: { summary: 'Download a file', tags, params, querystring: FileInput } },
    async (request, reply) => {
      const { live, files } = await open(request);
      const { path: wanted } = request.query;
      const { download, fileMegabytes } = live.errand.rules;
      if (!download) throw problems.forbidden('The policy of this session allows no downloads.');
      const file = await files.find(wanted);
      if (file === null || file.kind === 'folder') throw problems.notFound();
      refuseLarge(file.bytes, fileMegabytes);
      await note(live, 'file.download', { path: wanted, bytes: file.bytes });
      const name = posix.basename(wanted);
      reply.header('content-type', 'application/octet-stream');
      reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
      return reply.send(Readable.from(used(live, files.read(wanted), fileMegabytes), { objectMode: false }));
    },
  );

  app.delete(
    path,
    { config, schema: { summary: 'Delete a file or an empty folder', tags, params, querystring: FileInput } },
    async (request, reply) => {
      const { live, files } = await open(request);
      refuseUpload(live);
      const { path: wanted } = request.query;
      const found = await files.find(wanted);
      await (found?.kind === 'folder' ? files.removeFolder(wanted) : files.remove(wanted));
      await note(live, 'file.delete', { path: wanted });
      return reply.code(204).send();
    },
  );

  app.post(
    `${path}/folders`,
    { config, schema: { summary: 'Make a folder', tags, params, body: FolderInput } },
    async (request, reply) => {
      const { live, files } = await open(request);
      refuseUpload(live);
      await files.makeFolder(request.body.path);
      await note(live, 'file.folder', { path: request.body.path });
      return reply.code(204).send();
    },
  );

  app.post(
    `${path}/rename`,
    { config, schema: { summary: 'Rename a file or folder', tags, params, body: RenameInput } },
    async (request, reply) => {
      const { live, files } = await open(request);
      refuseUpload(live);
      const { from, to } = request.body;
      if ((await files.find(to)) !== null) throw problems.conflict('There is something with this name already.');
      await files.rename(from, to);
      await note(live, 'file.rename', { from, to });
      return reply.code(204).send();
    },
  );

  app.register(async (uploads: App) => {
    // As it comes: a file of any size goes through without being held.
    uploads.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    uploads.put(
      `${path}/content`,
      { config, schema: { summary: 'Upload a file', tags, params, querystring: FileInput } },
      async (request, reply) => {
        const { live, files } = await open(request);
        refuseUpload(live);
        const { path: wanted, replace } = request.query;
        const { fileMegabytes } = live.errand.rules;
        refuseLarge(Number(request.headers['content-length'] ?? 0), fileMegabytes);
        if (!(request.body instanceof Readable)) throw problems.unreadable();
        if (!replace && (await files.find(wanted)) !== null)
          throw problems.conflict('There is a file with this name already.');
        // Beside it first, so that a broken upload leaves what was there.
        const beside = `${wanted}.${live.errand.id.slice(-8)}.part`;
        let bytes = 0;
        const counted = used(live, request.body, fileMegabytes, (more) => {
          bytes += more;
        });
        try {
          await files.write(beside, counted, 0o600);
          await files.rename(beside, wanted);
        } catch (error) {
          await files.remove(beside).catch(() => undefined);
          throw error;
        }
        await note(live, 'file.upload', { path: wanted, bytes });
        return reply.code(204).send();
      },
    );
  });
};

const mebibyte = 1024 * 1024;

const refuseUpload = (live: LiveSession): void => {
  if (!live.errand.rules.upload) throw problems.forbidden('The policy of this session allows no changes of files.');
};
const refuseLarge = (bytes: number, megabytes: number): void => {
  if (bytes > megabytes * mebibyte)
    throw problems.unusable(`Files of more than ${megabytes} MiB are not allowed in this session.`);
};

/** Whoever moves a file is there; and a file that grows on its way is still bounded. */
async function* used(
  live: LiveSession,
  parts: AsyncIterable<Buffer>,
  megabytes: number,
  count: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let left = megabytes * mebibyte;
  for await (const part of parts) {
    left -= part.length;
    if (left < 0) refuseLarge(Number.POSITIVE_INFINITY, megabytes);
    live.touch();
    count(part.length);
    yield part;
  }
}
