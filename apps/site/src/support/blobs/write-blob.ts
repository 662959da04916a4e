import { createHash, randomUUID } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { newRecordingKey, sealChunk } from '../../recordings/index.ts';
import type { Member } from '../participants.ts';
import { type BlobParts, blobContext, endBlob, insertBlob, insertBlobChunk, type NewBlob } from './store.ts';

/** Keeps bytes of a session, encrypted, while they come. */
export interface BlobWriter {
  readonly id: string;
  /** Resolves once there is room for more; at most the chunk that is gathered is in memory. */
  write(part: Buffer): Promise<void>;
  /** Keeps the rest and resolves with what it is now. `broken`: it is not whole, and what came is kept. */
  end(state: 'kept' | 'broken'): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

const chunkBytes = 1024 * 1024;

/** `everyMs`: what came is kept after so long at the latest, when more comes. */
export const writeBlob = async (
  { database, clock, sealer }: BlobParts,
  { lsid, gsnumber }: Member,
  what: NewBlob,
  everyMs = Number.POSITIVE_INFINITY,
): Promise<BlobWriter> => {
  const id = randomUUID();
  const key = newRecordingKey();
  const sealedKey = sealer.seal(new Secret(key.toString('base64url')), blobContext(id));
  await database.system((tx) => insertBlob(tx, { ...what, id, lsid, gsnumber, sealedKey, beganAt: clock.now() }));
  const digest = createHash('sha256');
  let parts: Buffer[] = [];
  let gathered = 0;
  let bytes = 0;
  let seq = 0;
  let keptAt = performance.now();

  const keep = async (chunk: Buffer): Promise<void> => {
    const content = await sealChunk(key, { sessionId: id, seq }, chunk);
    await database.system((tx) => insertBlobChunk(tx, { id, seq, content, bytes: chunk.length }));
    seq += 1;
    keptAt = performance.now();
  };
  const take = (least: number): Buffer | null => {
    if (gathered === 0 || gathered < least) return null;
    const all = Buffer.concat(parts);
    const chunk = all.subarray(0, chunkBytes);
    parts = all.length > chunkBytes ? [all.subarray(chunkBytes)] : [];
    gathered -= chunk.length;
    return chunk;
  };
  const keepAll = async (least: number): Promise<void> => {
    for (let chunk = take(least); chunk !== null; chunk = take(least)) await keep(chunk);
  };

  return {
    id,
    async write(part) {
      digest.update(part);
      bytes += part.length;
      parts.push(part);
      gathered += part.length;
      await keepAll(performance.now() - keptAt > everyMs ? 1 : chunkBytes);
    },
    async end(state) {
      await keepAll(1);
      key.fill(0);
      const sha256 = digest.digest('hex');
      await database.system((tx) => endBlob(tx, { id, state, sha256, at: clock.now() }));
      return { bytes, sha256 };
    },
  };
};
