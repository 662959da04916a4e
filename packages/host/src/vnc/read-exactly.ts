import type { Readable } from 'node:stream';

/** The stream ended, or broke, before everything that was asked for had come. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

/** So many bytes; what comes after them stays in the stream, for whoever reads next. Throws `Ended`. */
export const readExactly = async (stream: Readable, length: number): Promise<Buffer> => {
  if (length === 0) return Buffer.alloc(0);
  for (;;) {
    const found: unknown = stream.read(length);
    // At its end a stream gives what is left, however little.
    if (Buffer.isBuffer(found) && found.length === length) return found;
    if (found !== null || stream.readableEnded || stream.destroyed)
      throw new Ended('closed', { cause: stream.errored });
    await changes(stream);
  }
};

const events = ['readable', 'end', 'close', 'error'] as const;

const changes = async (stream: Readable): Promise<void> => {
  const changed = Promise.withResolvers<void>();
  const tell = () => changed.resolve();
  for (const event of events) stream.on(event, tell);
  try {
    await changed.promise;
  } finally {
    for (const event of events) stream.off(event, tell);
  }
};
