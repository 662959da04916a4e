import type { Database } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import { openChunk } from '../../recordings/index.ts';
import { blobContext, type SupportBlob } from './store.ts';

/** Chunks that are read at once. */
const atOnce = 4;

/**
 * What a blob holds, from its beginning, as it was when it was found. A part that was changed, or is missing, is a Fault
 * at its place: what came before it is right. It is read as fast as it is taken; `signal` ends it with its reason.
 */
export async function* readBlob(
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { id, sealedKey, chunks }: Pick<SupportBlob, 'id' | 'sealedKey' | 'chunks'>,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const key = Buffer.from(sealer.open(sealedKey, blobContext(id)).reveal(), 'base64url');
  try {
    for (let next = 0; next < chunks; ) {
      signal?.throwIfAborted();
      const from = next;
      const { rows } = await database.read((tx) =>
        sql<{ seq: number; content: Buffer }>`
          select seq, content from support_blob_chunks where blob_id = ${id}::uuid and seq >= ${from} and seq < ${chunks}
          order by seq limit ${atOnce}`.execute(tx),
      );
      if (rows.length === 0) throw isMissing(id, next);
      for (const { seq, content } of rows) {
        if (seq !== next) throw isMissing(id, next);
        yield await openChunk(key, { sessionId: id, seq }, content);
        next += 1;
      }
    }
  } finally {
    key.fill(0);
  }
}

const isMissing = (id: string, seq: number) =>
  new Fault('unexpected', 'A part of this file is missing.', `chunk ${seq} of ${id} is not there`);
