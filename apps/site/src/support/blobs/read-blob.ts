import { Fault } from '@gatehouse/kernel';
import { openChunk } from '../../recordings/index.ts';
import { type BlobParts, blobContext, listBlobChunks, type SupportBlob } from './store.ts';

/**
 * What was kept of it, part after part. Throws a Fault `unexpected` where a part is missing or was changed: what was read
 * until then is not whole.
 */
export async function* readBlob(
  { database, sealer }: Pick<BlobParts, 'database' | 'sealer'>,
  { id, sealedKey, chunks }: SupportBlob,
): AsyncGenerator<Buffer> {
  const key = Buffer.from(sealer.open(sealedKey, blobContext(id)).reveal(), 'base64url');
  for (let next = 0; next < chunks; ) {
    const found = await database.system((tx) => listBlobChunks(tx, id, next));
    if (found[0]?.seq !== next)
      throw new Fault('unexpected', 'A part of this is missing.', `chunk ${next} of ${id} is not there`);
    for (const { seq, content } of found) {
      yield await openChunk(key, { sessionId: id, seq }, content);
      next = seq + 1;
    }
  }
}
