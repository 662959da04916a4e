import { Readable } from 'node:stream';
import type { Reply } from '@gatehouse/server';
import { problems } from '@gatehouse/server';
import { inWords } from '../objects/index.ts';
import { readBlob } from './blobs/read-blob.ts';
import type { SupportBlob } from './blobs/store.ts';
import { noteReceived, receiveFile, requireFile } from './files.ts';
import type { Change } from './in-session.ts';
import type { Support } from './open-support.ts';
import type { Member } from './participants.ts';

/** Keeps the file that a request brings. */
export const takeFile = async (
  support: Support,
  who: Member,
  by: Change['by'],
  request: { readonly body: unknown; readonly headers: { readonly 'content-length'?: string | undefined } },
  name: string,
) => {
  if (!(request.body instanceof Readable)) throw problems.unreadable();
  const size = Number(request.headers['content-length'] ?? 0);
  const content = request.body;
  const { id, bytes, sha256 } = await inWords(() => receiveFile(support, who, by, { name, size, content }));
  return { file: id, name, size: bytes, sha256: sha256 ?? '' };
};

/** Sends a file of the session; that somebody has it is noted once all of it went out. */
export const sendFile = async (
  support: Support,
  who: Member,
  by: Change['by'],
  reply: Pick<Reply, 'header' | 'send'>,
  id: string,
) => {
  const { database, clock } = support;
  const found = await database.system((tx) => requireFile({ tx }, who.lsid, id));
  const received = () => database.system((tx) => noteReceived({ tx, by, now: clock.now() }, who, found));
  reply.header('content-type', 'application/octet-stream');
  reply.header('content-length', String(found.bytes));
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`);
  return reply.send(Readable.from(whole(support, found, received), { objectMode: false }));
};

async function* whole(support: Support, blob: SupportBlob, received: () => Promise<void>): AsyncGenerator<Buffer> {
  yield* readBlob(support, blob);
  // Over, meanwhile: it was received all the same, and nothing is added to what is over.
  await received().catch((error: unknown) => support.log.info({ err: error }, 'a file was received and not noted'));
}
