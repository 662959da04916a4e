import type { Database, Sql } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import { openChunk } from '../../recordings/index.ts';

/** A file of a support session, or the recording of a screen in one. */
export interface BlobFound {
  readonly id: string;
  readonly lsid: string;
  /** Whose it is. */
  readonly gsnumber: number;
  readonly kind: 'file' | 'screen';
  readonly name: string;
  readonly mediaType: string;
  readonly sealedKey: string;
  /** `broken`: it ends before its end. */
  readonly state: 'arriving' | 'kept' | 'broken';
  readonly bytes: number;
  readonly chunks: number;
}

const columns = sql`blob_id as id, lsid, gsnumber, kind, name, media_type as "mediaType", sealed_key as "sealedKey",
  state, bytes, chunks`;

/** Null: there is none of this id. */
export const findBlob = async (tx: Sql, blobId: string): Promise<BlobFound | null> => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(blobId)) return null;
  const { rows } = await sql<BlobFound>`select ${columns} from support_blobs where blob_id = ${blobId}::uuid`.execute(
    tx,
  );
  return rows[0] ?? null;
};

/** Those of a session that have arrived, in the order they began. */
export const listBlobs = async (tx: Sql, lsid: string, kind: BlobFound['kind']): Promise<readonly BlobFound[]> => {
  const { rows } = await sql<BlobFound>`
    select ${columns} from support_blobs where lsid = ${lsid} and kind = ${kind} and state <> 'arriving'
    order by began_at, blob_id limit 1000`.execute(tx);
  return rows;
};

/** Chunks that are read at once. */
const atOnce = 4;

/**
 * What a blob holds, from its beginning, as it was when it was found. A part that was changed, or is missing, is a Fault
 * at its place: what came before it is right. It is read as fast as it is taken; `signal` ends it with its reason.
 */
export async function* readBlob(
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { id, sealedKey, chunks }: BlobFound,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const key = Buffer.from(sealer.open(sealedKey, ['support-blob', id]).reveal(), 'base64url');
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
