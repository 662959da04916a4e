import { Fault } from '@gatehouse/kernel';
import { openChunk } from './chunk.ts';
import { findRecording, listChunks } from './store.ts';
import { keyContext, type RecordingParts } from './write-recording.ts';

/** Chunks that are read at once. */
const atOnce = 4;
const followMs = 300;

/**
 * A recording from its beginning, as it was written. With `follow` it goes on until the recording ends. Throws a Fault
 * where a part was changed or is missing. Null: there is none.
 */
export const readRecording = async (
  { database, clock, sealer }: RecordingParts,
  sessionId: string,
  { follow = false, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
): Promise<AsyncGenerator<Buffer> | null> => {
  const find = () => database.system((tx) => findRecording(tx, sessionId));
  const recording = await find();
  if (recording === null) return null;
  const key = Buffer.from(sealer.open(recording.sealedKey, keyContext(sessionId)).reveal(), 'base64url');

  async function* read(): AsyncGenerator<Buffer> {
    let next = 0;
    while (!signal?.aborted) {
      // Asked before the chunks are read: what is written between is found then.
      const now = await find();
      const chunks = await database.system((tx) => listChunks(tx, sessionId, next, atOnce));
      for (const { seq, content } of chunks) {
        if (seq !== next) throw isMissing(next);
        yield await openChunk(key, { sessionId, seq }, content);
        next += 1;
      }
      if (chunks.length > 0) continue;
      if (now === null || now.chunks > next) throw isMissing(next);
      if (now.state !== 'running' || !follow) return;
      await clock.sleep(followMs, signal).catch(() => undefined);
    }
  }
  return read();
};

const isMissing = (seq: number) =>
  new Fault('unexpected', 'A part of this recording is missing.', `chunk ${seq} is not there`);
