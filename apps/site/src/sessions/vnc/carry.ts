import type { Duplex } from 'node:stream';

/** The next bytes; null at its end, and when the signal ends it. */
export const nextBytes = async (stream: Duplex, signal: AbortSignal): Promise<Buffer | null> => {
  for (;;) {
    if (signal.aborted) return null;
    const found: unknown = stream.read();
    if (Buffer.isBuffer(found)) return found;
    if (stream.readableEnded || stream.destroyed) return null;
    await happens(stream, ['readable', 'end', 'close', 'error'], signal);
  }
};

/** Says bytes and waits until there is room for more. */
export const say = async (stream: Duplex, bytes: Uint8Array, signal: AbortSignal): Promise<void> => {
  if (bytes.length === 0 || signal.aborted || !stream.writable) return;
  if (!stream.write(bytes)) await happens(stream, ['drain', 'close', 'error'], signal);
};

/** Waits until nobody is at the other side any more, or the signal ends it. */
export const isGone = async (stream: Duplex, signal: AbortSignal): Promise<void> => {
  if (!stream.destroyed && !signal.aborted) await happens(stream, ['close'], signal);
};

const happens = async (stream: Duplex, events: readonly string[], signal: AbortSignal): Promise<void> => {
  const happened = Promise.withResolvers<void>();
  const tell = () => happened.resolve();
  for (const event of events) stream.on(event, tell);
  signal.addEventListener('abort', tell, { once: true });
  try {
    await happened.promise;
  } finally {
    for (const event of events) stream.off(event, tell);
    signal.removeEventListener('abort', tell);
  }
};
