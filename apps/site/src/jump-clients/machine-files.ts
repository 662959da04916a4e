import { once } from 'node:events';
import { posix, win32 } from 'node:path';
import { Readable } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import type { FileEntry } from '@gatehouse/remote-access/jump';
import { type Act, type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { FileInput, FileList, FilesQuery } from '../api/console.ts';
import { Lsid } from '../api/support.ts';
import { noteMachine } from '../support/index.ts';
import type { HubParts, JumpHub } from './hub.ts';
import { type Machine, requireMachine } from './machine.ts';
import { type WatchParts, watchMachine } from './watch-machine.ts';

export interface FileParts extends Pick<HubParts, 'clock'>, WatchParts {
  readonly hub: JumpHub;
}

const config = { access: 'signed-in' } as const;
const tags = ['jump clients'];
const params = z.object({ lsid: Lsid });
const path = '/api/support/sessions/:lsid/machine/files';
const mostEntries = 5_000;
const mebibyte = 1024 * 1024;

/** Files of the machine of a session, as far as its own settings and the session policy go. */
export const serveMachineFiles = (app: App, parts: FileParts): void => {
  const { database, clock, hub } = parts;
  const open = async (by: Act, lsid: string): Promise<Machine> => {
    const machine = await database.system((tx) => requireMachine(tx, by, lsid));
    if (!machine.rules.upload && !machine.rules.download)
      throw problems.forbidden('The policy of this session allows no file transfer.');
    return machine;
  };
  const note = (
    by: Act,
    { member }: Machine,
    event: 'machine_file_put' | 'machine_file_fetched',
    name: string,
    size: number,
  ) => database.system((tx) => noteMachine({ tx, by, now: clock.now() }, member, event, { name, size }));

  /** What is on its way ends with the right to it. */
  const endInTime = (by: Act, machine: Machine, { stream }: Channel): void => {
    // It was lost before this, and says so no more.
    if (stream.destroyed) return;
    const watch = watchMachine(parts, by, machine);
    stream.once('close', watch.stop);
    void watch.ended.then((why) => stream.destroy(new Fault('forbidden', why)));
  };

  app.get(
    path,
    {
      config,
      schema: {
        summary: 'A folder of the machine',
        tags,
        params,
        querystring: FilesQuery,
        response: { 200: FileList },
      },
    },
    async ({ act, params: { lsid }, query }) => {
      const { client } = await open(act, lsid);
      return listFolder(hub, client.id, query.path);
    },
  );

  app.get(
    `${path}/content`,
    { config, schema: { summary: 'Fetch a file of the machine', tags, params, querystring: FileInput } },
    async ({ act, params: { lsid }, query: { path: wanted } }, reply) => {
      const machine = await open(act, lsid);
      const { download, fileMegabytes } = machine.rules;
      if (!download) throw problems.forbidden('The policy of this session allows no downloads.');
      const { channel, bytes } = await hub.open(machine.client.id, { kind: 'read', path: wanted });
      try {
        refuseLarge(bytes ?? 0, fileMegabytes);
        await note(act, machine, 'machine_file_fetched', wanted, bytes ?? 0);
      } catch (error) {
        channel.stream.destroy();
        throw error;
      }
      endInTime(act, machine, channel);
      channel.stream.end();
      reply.header('content-type', 'application/octet-stream');
      if (bytes !== null) reply.header('content-length', String(bytes));
      const name = wanted.includes('\\') ? win32.basename(wanted) : posix.basename(wanted);
      reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
      return reply.send(Readable.from(channel.stream, { objectMode: false }));
    },
  );

  app.register(async (uploads: App) => {
    // As it comes: a file of any size goes through without being held.
    uploads.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    uploads.put(
      `${path}/content`,
      { config, schema: { summary: 'Put a file on the machine', tags, params, querystring: FileInput } },
      async (request, reply) => {
        const { act, params: asked, query, headers, body } = request;
        const machine = await open(act, asked.lsid);
        const { upload, fileMegabytes } = machine.rules;
        if (!upload) throw problems.forbidden('The policy of this session allows no changes of files.');
        refuseLarge(Number(headers['content-length'] ?? 0), fileMegabytes);
        if (!(body instanceof Readable)) throw problems.unreadable();
        const use = { kind: 'write', path: query.path, replaces: query.replace } as const;
        const { channel } = await hub.open(machine.client.id, use);
        endInTime(act, machine, channel);
        const size = await write(channel, body, fileMegabytes);
        await note(act, machine, 'machine_file_put', query.path, size);
        return reply.code(204).send();
      },
    );
  });
};

const listFolder = async (hub: JumpHub, clientId: number, asked: string): Promise<z.output<typeof FileList>> => {
  const entries: FileEntry[] = [];
  let path = asked;
  for (;;) {
    const page = await hub.list(clientId, path, entries.at(-1)?.name ?? '');
    entries.push(...page.entries);
    path = page.path;
    const isMore = page.more && page.entries.length > 0;
    if (!isMore || entries.length >= mostEntries)
      return { path, entries: sorted(entries.slice(0, mostEntries)), truncated: isMore };
  }
};

type Channel = Awaited<ReturnType<JumpHub['open']>>['channel'];

/** Resolves with its size once the machine has all of it. A broken one leaves nothing there. */
const write = async ({ stream, onNote }: Channel, body: Readable, megabytes: number): Promise<number> => {
  const written = Promise.withResolvers<number>();
  written.promise.catch(() => undefined);
  onNote((note) => note.type === 'written' && written.resolve(note.bytes));
  const lost = new Fault('unreachable', 'The connection to the Jump Client was lost, and the file is not there.');
  stream.once('error', written.reject);
  stream.once('close', () => written.reject(lost));
  // Nothing but its end is read.
  stream.resume();
  try {
    let bytes = 0;
    for await (const part of body) {
      bytes += part.length;
      refuseLarge(bytes, megabytes);
      if (stream.destroyed) break;
      if (!stream.write(part)) await Promise.race([once(stream, 'drain'), written.promise]);
    }
    if (!stream.destroyed) stream.end();
    return await written.promise;
  } finally {
    stream.destroy();
  }
};

const sorted = (entries: readonly FileEntry[]) =>
  entries
    .toSorted((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || a.name.localeCompare(b.name))
    .map(({ name, kind, size, modifiedAt }) => ({
      ...{ name, kind, bytes: size, mode: 0 },
      modifiedAt: modifiedAt ?? new Date(0).toISOString(),
    }));

const refuseLarge = (bytes: number, megabytes: number): void => {
  if (bytes > megabytes * mebibyte)
    throw problems.unusable(`Files of more than ${megabytes} MiB are not allowed in this session.`);
};
