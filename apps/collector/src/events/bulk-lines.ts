import { Transform } from 'node:stream';

/** The body of Elasticsearch's bulk API without its action lines: documents, one a line. */
export interface BulkLines {
  readonly stream: Transform;
  /** What was asked for each document: `create` or `index`. */
  readonly actions: readonly ('create' | 'index')[];
}

/** The longest line; the reader of events takes no longer one either. */
const longestLine = 4 * 2 ** 20;

/** What is not the bulk API. */
export class NoBulk extends Error {}

/** Destroys the stream with `NoBulk` where a line is neither what it should be nor there. */
export const bulkLines = (): BulkLines => {
  const actions: ('create' | 'index')[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let isDocument = false;
  const line = (bytes: Buffer): Buffer | null => {
    if (isDocument) {
      isDocument = false;
      return bytes;
    }
    const text = bytes.toString('utf8').trim();
    if (text === '') return null;
    const action = /^\{\s*"(create|index)"\s*:\s*\{/.exec(text)?.[1];
    if (action !== 'create' && action !== 'index') throw new NoBulk('only create and index are taken');
    actions.push(action);
    isDocument = true;
    return null;
  };
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        const documents: Buffer[] = [];
        let from = 0;
        for (let end = all.indexOf(0x0a); end >= 0; end = all.indexOf(0x0a, from)) {
          const document = line(all.subarray(from, end + 1));
          if (document !== null) documents.push(document);
          from = end + 1;
        }
        rest = all.subarray(from);
        if (rest.length > longestLine) throw new NoBulk('a line is too long');
        done(null, documents.length > 0 ? Buffer.concat(documents) : undefined);
      } catch (error) {
        done(error instanceof Error ? error : new NoBulk());
      }
    },
    flush(done) {
      try {
        const document = rest.length > 0 ? line(rest) : null;
        if (isDocument) throw new NoBulk('the last action has no document');
        done(null, document ?? undefined);
      } catch (error) {
        done(error instanceof Error ? error : new NoBulk());
      }
    },
  });
  return { stream, actions };
};
