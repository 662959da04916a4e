import { Fault } from '@gatehouse/kernel';
import { evtxReader } from './evtx.ts';
import { eventsOfJson, type Missing } from './json.ts';
import { jsonCutter } from './json-pieces.ts';
import type { Cutter } from './pieces.ts';
import { unreadable, type WindowsEvent } from './windows-event.ts';
import { eventOfXml } from './xml.ts';
import { xmlCutter } from './xml-pieces.ts';

/** Where events come from: a file, the output of a program, a subscription. Whoever can open one implements it. */
export interface EventLogSource {
  /** What a person calls it, for advice: a path, an address. */
  readonly name: string;
  /** Its bytes from the beginning, in pieces of any size. */
  read(): AsyncIterable<Uint8Array>;
}

/** Reads a stream of bytes piece by piece, with at most one event (or one chunk of an .evtx file) in memory. */
export interface EventReader {
  push(bytes: Uint8Array): Generator<WindowsEvent | Fault>;
  end(): Generator<WindowsEvent | Fault>;
}

/**
 * The events of a source, whatever its form: .evtx, XML in UTF-8 or UTF-16, JSON as documents, arrays or lines. What
 * cannot be read is a fault in the place of the event; the rest is read.
 * @throws Fault `misconfigured` where the first event needs something of `missing` that is null, since all will;
 * `unexpected` where so much in a row cannot be read that it is no log of events
 */
export async function* readEvents(source: EventLogSource, missing: Missing): AsyncGenerator<WindowsEvent | Fault> {
  const reader = eventReader(missing);
  for await (const bytes of source.read()) yield* reader.push(bytes);
  yield* reader.end();
}

export const eventReader = (missing: Missing): EventReader => {
  let head: Uint8Array = new Uint8Array(0);
  let reader: EventReader | null = null;
  let hasRead = false;
  let inRow = 0;

  function* checked(found: Iterable<WindowsEvent | Fault>): Generator<WindowsEvent | Fault> {
    for (const item of found) {
      if (!(item instanceof Fault)) {
        hasRead = true;
        inRow = 0;
      } else if (item.kind === 'misconfigured' && !hasRead) throw item;
      else if (++inRow > mostInRow) throw noLog(item);
      yield item;
    }
  }

  return {
    *push(bytes) {
      if (reader !== null) return yield* checked(reader.push(bytes));
      head = joined(head, bytes);
      if (head.length < signature.length) return;
      reader = startsWith(head, signature) ? evtxReader() : textReader(encodingOf(head), missing);
      yield* checked(reader.push(head));
    },
    *end() {
      // What is shorter than any signature is text.
      reader ??= textReader(encodingOf(head), missing);
      if (head.length < signature.length) yield* checked(reader.push(head));
      yield* checked(reader.end());
    },
  };
};

/** Other things may stand between events, a whole day of them; a fault takes some microseconds each. */
const mostInRow = 100_000;

const noLog = (last: Fault) =>
  new Fault(
    'unexpected',
    'What arrives is no log of events that can be read. Check what sends it, and in which form.',
    `${mostInRow} in a row cannot be read; the last: ${last.detail}`,
  );

const signature = new TextEncoder().encode('ElfFile\0');

const startsWith = (bytes: Uint8Array, start: Uint8Array) => start.every((byte, i) => bytes[i] === byte);

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** By its byte order mark, and without one by where the zeros of its first letter are; the decoder drops the mark. */
const encodingOf = ([first, second]: Uint8Array): string => {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
};

/** Where it begins says what it is; a prefix of syslog (`<134>Jul …`) is neither. */
const beginning = /\{|<[?!A-Za-z]/;

const textReader = (encoding: string, missing: Missing): EventReader => {
  const decoder = new TextDecoder(encoding);
  let cutter: Cutter | null = null;
  /** A `<` that the end of a piece cut off from its name. */
  let cutOff = '';
  let isXml = false;
  let isBlank = true;
  let found = false;

  const eventsOf = (piece: string): readonly WindowsEvent[] =>
    isXml ? [eventOfXml(piece)] : eventsOfJson(parseJson(piece), missing);

  function* read(pieces: Iterable<string | Fault>): Generator<WindowsEvent | Fault> {
    for (const piece of pieces) {
      found = true;
      if (piece instanceof Fault) yield piece;
      else yield* eventsOrFault(() => eventsOf(piece));
    }
  }

  function* take(text: string): Generator<WindowsEvent | Fault> {
    isBlank &&= text.trim() === '';
    if (cutter === null) {
      const start = beginning.exec(cutOff + text);
      if (start === null) {
        cutOff = text.endsWith('<') ? '<' : '';
        return;
      }
      isXml = start[0] !== '{';
      cutter = isXml ? xmlCutter() : jsonCutter();
    }
    yield* read(cutter.push(cutOff + text));
    cutOff = '';
  }

  return {
    *push(bytes) {
      yield* take(decoder.decode(bytes, { stream: true }));
    },
    *end() {
      yield* take(decoder.decode());
      if (cutter !== null) yield* read(cutter.end());
      if (!found && !isBlank)
        yield unreadable('there is none: what arrived is neither XML, JSON nor an .evtx file of events');
    },
  };
};

const parseJson = (piece: string): unknown => {
  try {
    return JSON.parse(piece);
  } catch (cause) {
    throw unreadable('its JSON is damaged', cause);
  }
};

/** What one event lacks is a fault in its place. */
const eventsOrFault = (read: () => readonly WindowsEvent[]): readonly (WindowsEvent | Fault)[] => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
};
