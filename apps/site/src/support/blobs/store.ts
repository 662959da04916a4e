import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';

export interface BlobParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

export interface NewBlob {
  readonly kind: 'file' | 'screen';
  readonly name: string;
  readonly mediaType: string;
}

/** A file, or the recording of a screen. */
export interface SupportBlob extends NewBlob {
  readonly id: string;
  readonly lsid: string;
  readonly gsnumber: number;
  readonly sealedKey: string;
  readonly state: 'arriving' | 'kept' | 'broken';
  readonly bytes: number;
  readonly chunks: number;
  readonly sha256: string | null;
  readonly beganAt: Date;
  readonly endedAt: Date | null;
}

/** Where the key of a blob belongs. */
export const blobContext = (id: string) => ['support-blob', id];

export const insertBlob = async (
  tx: Sql,
  blob: Pick<SupportBlob, 'id' | 'lsid' | 'gsnumber' | 'kind' | 'name' | 'mediaType' | 'sealedKey' | 'beganAt'>,
): Promise<void> => {
  const { id, lsid, gsnumber, kind, name, mediaType, sealedKey, beganAt } = blob;
  await sql`insert into support_blobs (blob_id, lsid, gsnumber, kind, name, media_type, sealed_key, began_at)
    values (${id}, ${lsid}, ${gsnumber}, ${kind}, ${name}, ${mediaType}, ${sealedKey}, ${beganAt})`.execute(tx);
};

export const insertBlobChunk = async (
  tx: Sql,
  { id, seq, content, bytes }: { id: string; seq: number; content: Buffer; bytes: number },
): Promise<void> => {
  await sql`
    with added as (insert into support_blob_chunks (blob_id, seq, content) values (${id}, ${seq}, ${content}) returning seq)
    update support_blobs set bytes = bytes + ${bytes}, chunks = ${seq} + 1
    where blob_id = ${id} and exists (select from added)`.execute(tx);
};

export const endBlob = async (
  tx: Sql,
  { id, state, sha256, at }: { id: string; state: 'kept' | 'broken'; sha256: string; at: Date },
): Promise<void> => {
  await sql`update support_blobs set state = ${state}, sha256 = ${sha256}, ended_at = ${at} where blob_id = ${id}`.execute(
    tx,
  );
};

/** What was refused leaves nothing. */
export const removeBlob = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from support_blobs where blob_id = ${id}`.execute(tx);
};

const columns = sql`blob_id as id, lsid, gsnumber, kind, name, media_type as "mediaType", sealed_key as "sealedKey", state,
  bytes, chunks, sha256, began_at as "beganAt", ended_at as "endedAt"`;

/** Null: there is none of this id. */
export const findBlob = async (tx: Sql, id: string): Promise<SupportBlob | null> => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
  const { rows } = await sql<SupportBlob>`select ${columns} from support_blobs where blob_id = ${id}::uuid`.execute(tx);
  return rows[0] ?? null;
};

/** Those of a session that have arrived, in the order they began. */
export const listBlobs = async (tx: Sql, lsid: string, kind: SupportBlob['kind']): Promise<readonly SupportBlob[]> => {
  const { rows } = await sql<SupportBlob>`
    select ${columns} from support_blobs where lsid = ${lsid} and kind = ${kind} and state <> 'arriving'
    order by began_at, blob_id limit 1000`.execute(tx);
  return rows;
};

/** Those of pages that are gone: nobody ends them any more. */
export const endLostBlobs = async (tx: Sql, now: Date): Promise<void> => {
  await sql`update support_blobs b set state = 'broken', ended_at = ${now} from support_sessions s
    where s.lsid = b.lsid and b.state = 'arriving' and s.state = 'ended'
      and s.ended_at < ${new Date(now.getTime() - 3_600_000)}`.execute(tx);
};
