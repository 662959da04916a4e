import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { Fault } from '@gatehouse/kernel';

const [compress, expand] = [promisify(zstdCompress), promisify(zstdDecompress)];
/** What a person sees on a terminal repeats itself: the fastest level takes most of it away. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Largest chunk as it is read; what says that it expands to more was not written here. */
export const mostChunkBytes = 4 * 1024 * 1024;

export interface ChunkPlace {
  readonly sessionId: string;
  /** From 0 on. */
  readonly seq: number;
}

/** 256 bits for one recording. */
export const newRecordingKey = (): Buffer => randomBytes(32);

/** AES-256-GCM over bytes compressed by Zstandard: a 96-bit iv, the ciphertext, the tag. It opens in its own place only. */
export const sealChunk = async (key: Buffer, place: ChunkPlace, bytes: Buffer): Promise<Buffer> => {
  const small = await compress(bytes, fastest);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(nameOf(place));
  return Buffer.concat([iv, cipher.update(small), cipher.final(), cipher.getAuthTag()]);
};

/** @throws Fault `unexpected` for what was changed, or belongs elsewhere */
export const openChunk = async (key: Buffer, place: ChunkPlace, sealed: Buffer): Promise<Buffer> => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(nameOf(place));
    decipher.setAuthTag(sealed.subarray(-16));
    const small = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    return await expand(small, { maxOutputLength: mostChunkBytes });
  } catch (error) {
    throw new Fault(
      'unexpected',
      'This recording was changed after it was made, and cannot be shown from here on.',
      `chunk ${place.seq} of ${place.sessionId} does not open`,
      { cause: error },
    );
  }
};

const nameOf = ({ sessionId, seq }: ChunkPlace) => Buffer.from(`gatehouse recording\n${sessionId}\n${seq}`);
