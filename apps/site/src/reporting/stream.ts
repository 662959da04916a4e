import { Readable } from 'node:stream';
import { closeTag, declaration, type Element, element, openTag, type Stream, xmlType } from '../xml-api/index.ts';

/** A report as it is made: pieces of XML below one root, in the order they are read. */
export interface Report {
  readonly root: string;
  readonly rows: AsyncIterable<string>;
  /** What is said where there is not one row. */
  readonly nothing: string;
}

/** What is written at once, so that small rows do not go one by one. */
const atOnce = 32 * 1_024;

/**
 * The document, which goes on as fast as it is taken. The first row is read before anything is said, so that what is wrong
 * from the beginning, and a report about nothing, are an `<error>`; what breaks later breaks the connection.
 */
export const toDocument = async ({ root, rows, nothing }: Report, namespace: string): Promise<Element | Stream> => {
  const iterator = rows[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return element('error', nothing);
  const write = async function* () {
    try {
      let text = `${declaration}${openTag(root, { xmlns: namespace })}\n`;
      for (let row: IteratorResult<string> = first; row.done !== true; row = await iterator.next()) {
        text += row.value;
        if (text.length < atOnce) continue;
        yield text;
        text = '';
      }
      yield `${text}${closeTag(root)}\n`;
    } finally {
      // Where nobody takes the rest.
      await iterator.return?.();
    }
  };
  return { type: xmlType, bytes: Readable.from(write(), { objectMode: false, highWaterMark: atOnce }) };
};
