import type { Readable } from 'node:stream';

/** Ended by the other side, in the middle of what was waited for. */
export class Cut extends Error {
  override readonly name = 'Cut';
}

/**
 * One message of a stream, and nothing behind it. `lengthOf` says how long it is by its first bytes, or null while there
 * are too few of them. Throws the signal's reason, `Cut`, or what `lengthOf` throws.
 */
export const take = async (
  stream: Readable,
  lengthOf: (bytes: Buffer) => number | null,
  signal: AbortSignal,
): Promise<Buffer> => {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    signal.throwIfAborted();
    const length = lengthOf(bytes);
    if (length !== null && bytes.length >= length) {
      if (bytes.length > length) stream.unshift(bytes.subarray(length));
      return bytes.subarray(0, length);
    }
    const part: unknown = stream.read();
    if (Buffer.isBuffer(part)) bytes = Buffer.concat([bytes, part]);
    else if (stream.readableEnded || stream.destroyed) throw stream.errored ?? new Cut('ended');
    else await more(stream, signal);
  }
};

const more = (stream: Readable, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'close'] as const;
    const settle = (error?: unknown) => {
      for (const event of events) stream.off(event, go);
      stream.off('error', settle);
      signal.removeEventListener('abort', stop);
      if (error === undefined) resolve();
      else reject(error);
    };
    const go = () => settle();
    const stop = () => settle(signal.reason);
    for (const event of events) stream.on(event, go);
    stream.on('error', settle);
    signal.addEventListener('abort', stop, { once: true });
  });
