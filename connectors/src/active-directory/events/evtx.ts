import { Fault } from '@gatehouse/kernel';
import { binXml } from './binxml.ts';
import { elementAt } from './binxml-render.ts';
import { crc32 } from './crc32.ts';
import { childOf, eventOfElement, type XmlElement } from './element.ts';
import type { EventReader } from './event-reader.ts';
import type { WindowsEvent } from './windows-event.ts';

const headerSize = 4096;
const chunkSize = 65_536;
const chunkHeaderSize = 512;

/**
 * Reads an .evtx file: a header and chunks of 64 KiB, each with everything its events need. Written from libyal's
 * "Windows XML Event Log (EVTX) format" and MS-EVEN6. A file in use (dirty) and one with damage is read as far as it goes;
 * what does not go is a fault in its place.
 */
export const evtxReader = (): EventReader => {
  const buffer = new Uint8Array(chunkSize);
  let held = 0;
  /** -1 for the header. */
  let chunk = -1;

  function* whole(bytes: Uint8Array): Generator<WindowsEvent | Fault> {
    if (chunk < 0) yield* header(bytes);
    else yield* chunkEvents(bytes, chunk);
  }

  return {
    *push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const size = chunk < 0 ? headerSize : chunkSize;
        const part = bytes.subarray(at, at + size - held);
        buffer.set(part, held);
        held += part.length;
        at += part.length;
        if (held < size) return;
        yield* whole(buffer.slice(0, size));
        held = 0;
        chunk++;
      }
    },
    *end() {
      if (held === 0 && chunk >= 0) return;
      yield damaged(chunk < 0 ? 'the file ends inside of its header' : `the file ends inside of chunk ${chunk}`);
      if (chunk >= 0) {
        const rest = new Uint8Array(chunkSize);
        rest.set(buffer.subarray(0, held));
        yield* chunkEvents(rest, chunk);
      }
      held = 0;
    },
  };
};

const damaged = (detail: string): Fault =>
  new Fault(
    'unexpected',
    'An event log file is damaged; what could be read of it was read. Export the log again where it still exists.',
    `.evtx: ${detail}`,
  );

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function* header(bytes: Uint8Array): Generator<Fault> {
  const view = viewOf(bytes);
  if (view.getUint16(38, true) !== 3) throw unsupported(view.getUint16(38, true));
  if (crc32(bytes.subarray(0, 120)) !== view.getUint32(124, true)) yield damaged('the checksum of its header is wrong');
}

const unsupported = (version: number): Fault =>
  new Fault('unexpected', 'This version of event log files is not known.', `.evtx: version ${version}`);

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

const signature = new TextEncoder().encode('ElfChnk\0');

function* chunkEvents(bytes: Uint8Array, number: number): Generator<WindowsEvent | Fault> {
  if (signature.some((byte, i) => bytes[i] !== byte)) {
    // Files grow by several chunks at once, and those not yet used are empty.
    if (!isZero(bytes)) yield damaged(`chunk ${number} has no signature`);
    return;
  }
  const view = viewOf(bytes);
  const free = Math.min(Math.max(view.getUint32(48, true), chunkHeaderSize), chunkSize);
  const headerSum = crc32(bytes.subarray(128, chunkHeaderSize), crc32(bytes.subarray(0, 120)));
  if (headerSum !== view.getUint32(124, true)) yield damaged(`the checksum of the header of chunk ${number} is wrong`);
  if (crc32(bytes.subarray(chunkHeaderSize, free)) !== view.getUint32(52, true))
    yield damaged(`the checksum of the events of chunk ${number} is wrong`);
  yield* records(bytes, free, number);
}

interface LogRecord {
  readonly at: number;
  readonly size: number;
  readonly id: bigint;
}

/**
 * The records of a chunk. Of a file in use the header may be older than the records, so what goes on counting behind the
 * end it tells is read too; what does not is left from an earlier use of the chunk.
 */
function* records(bytes: Uint8Array, free: number, number: number): Generator<WindowsEvent | Fault> {
  const xml = binXml(bytes);
  let last: bigint | null = null;
  for (let at = chunkHeaderSize; at < chunkSize; ) {
    const record = recordAt(bytes, at);
    if (record === null) {
      if (at >= free || isZero(bytes.subarray(at, free))) return;
      yield damaged(`chunk ${number} has no event at ${at}`);
      const next = nextRecord(bytes, at + 1, free);
      if (next === null) return;
      at = next;
      continue;
    }
    if (at >= free && (last === null || record.id !== last + 1n)) return;
    last = record.id;
    at += record.size;
    yield eventOrFault(() =>
      eventOfElement(withRecordId(elementAt(xml, record.at + 24, record.at + record.size - 4), record.id)),
    );
  }
}

/** Signature (4), size (4), id (8), time written (8), binary XML, size again (4). */
const recordAt = (bytes: Uint8Array, at: number): LogRecord | null => {
  if (at + 28 > chunkSize) return null;
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== 0x2a2a) return null;
  const size = view.getUint32(at + 4, true);
  if (size < 28 || at + size > chunkSize || view.getUint32(at + size - 4, true) !== size) return null;
  return { at, size, id: view.getBigUint64(at + 8, true) };
};

const nextRecord = (bytes: Uint8Array, from: number, free: number): number | null => {
  for (let at = from; at < free; at++) if (bytes[at] === 0x2a && recordAt(bytes, at) !== null) return at;
  return null;
};

/** Events that a collector keeps have their own record id in their System; the record's is the collector's. */
const withRecordId = (event: XmlElement, id: bigint): XmlElement => {
  const system = childOf(event, 'System');
  if (system === null || childOf(system, 'EventRecordID') !== null) return event;
  const recordId: XmlElement = { name: 'EventRecordID', attributes: new Map(), children: [String(id)] };
  const completed: XmlElement = { ...system, children: [...system.children, recordId] };
  return { ...event, children: event.children.map((child) => (child === system ? completed : child)) };
};

/** Whatever the bytes are, reading them ends in an event or a fault, and the next event is tried. */
const eventOrFault = (read: () => WindowsEvent): WindowsEvent | Fault => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
};
