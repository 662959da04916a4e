import type { Database } from '@gatehouse/database';
import { type Clock, Fault, Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { newRecordingKey, sealChunk } from './chunk.ts';
import { endRecording, insertChunk, insertRecording, type RecordingFormat } from './store.ts';

/** Keeps what a person sees, while they see it. */
export interface RecordingWriter {
  /** Takes the next part. Resolves at once while little waits to be kept, else when there is room again. */
  write(part: Buffer | string): Promise<void>;
  /** What was written so far is kept by when this resolves; rejects where the recording is broken. */
  flush(): Promise<void>;
  /** Keeps the rest. Resolves in any case; the recording says whether it is whole. */
  end(): Promise<void>;
}

export interface RecordingParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** What may wait to be kept. */
const mostWaiting = 8 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
/** How long the database may be away before a recording that cannot be kept ends its session. */
const patienceMs = 30_000;

/**
 * Begins the recording of a session. `onBroken` is called once, when it cannot be kept any more: its session must end
 * then, because nothing may be done that is not recorded.
 */
export const startRecording = async (
  { database, clock, sealer }: RecordingParts,
  of: { readonly sessionId: string; readonly format: RecordingFormat; readonly flushMs: number },
  onBroken: (fault: Fault) => void,
): Promise<RecordingWriter> => {
  const { sessionId, format, flushMs } = of;
  const key = newRecordingKey();
  const sealedKey = sealer.seal(new Secret(key.toString('base64url')), keyContext(sessionId));
  await database.system((tx) => insertRecording(tx, { sessionId, format, sealedKey, startedAt: clock.now() }));

  let parts: Buffer[] = [];
  let gathered = 0;
  let waiting = 0;
  let seq = 0;
  let isOver = false;
  let broken: Fault | null = null;
  let timer: NodeJS.Timeout | null = null;
  let keeping: Promise<void> | null = null;
  let room = Promise.withResolvers<void>();

  const take = (): Buffer => {
    const bytes = Buffer.concat(parts);
    parts = [];
    gathered = 0;
    return bytes;
  };

  const keep = async (bytes: Buffer): Promise<void> => {
    const content = await sealChunk(key, { sessionId, seq }, bytes);
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        await database.system((tx) => insertChunk(tx, { sessionId, seq, content, bytes: bytes.length }));
        seq += 1;
        return;
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'unreachable') || performance.now() > until) throw error;
        await clock.sleep(500);
      }
    }
  };

  /** One at a time and in order, for as long as there is anything. */
  const keepAll = async (): Promise<void> => {
    try {
      while (gathered > 0 && broken === null) {
        const bytes = take();
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          const chunk = bytes.subarray(at, at + chunkBytes);
          await keep(chunk);
          waiting -= chunk.length;
          room.resolve();
          room = Promise.withResolvers();
        }
      }
    } catch (error) {
      broken = new Fault(
        'unexpected',
        'This session could not be recorded any more, and nothing may be done that is not recorded.',
        'a part of a recording could not be kept',
        { cause: error },
      );
      room.resolve();
      onBroken(broken);
    } finally {
      keeping = null;
    }
  };
  const start = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Where there is nothing to keep it would be over before it is noted as under way, and then for ever under way.
    if (keeping === null && gathered > 0 && broken === null) keeping = keepAll();
    return keeping ?? Promise.resolve();
  };

  const flush = async (): Promise<void> => {
    // What is being kept may be followed by more.
    while ((gathered > 0 || keeping !== null) && broken === null) await start();
    if (broken !== null) throw broken;
  };

  return {
    flush,
    async write(part) {
      if (isOver || broken !== null) return;
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      parts.push(bytes);
      gathered += bytes.length;
      waiting += bytes.length;
      if (gathered >= chunkBytes) void start();
      else timer ??= setTimeout(() => void start(), flushMs);
      while (waiting > mostWaiting && broken === null) await room.promise;
    },
    async end() {
      if (isOver) return;
      isOver = true;
      const isWhole = await flush().then(
        () => true,
        () => false,
      );
      if (timer !== null) clearTimeout(timer);
      key.fill(0);
      // Where the database is away the sweep ends it with its session.
      await database.system((tx) => endRecording(tx, sessionId, isWhole ? 'kept' : 'broken')).catch(() => undefined);
    },
  };
};

/** Where the key of a recording belongs. */
export const keyContext = (sessionId: string) => ['recording', sessionId];
