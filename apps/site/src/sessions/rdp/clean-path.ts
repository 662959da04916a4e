import { derElement, derHead, derInteger, derReader } from '@gatehouse/host';
import { type LengthOf, NoFrame } from './frames.ts';

/** RDCleanPath, version 1: how a browser asks for the connection that it cannot make itself, and for TLS on it. */
const version = 3_390;
const longest = 8_192;

export const cleanPathLength: LengthOf = (bytes) => {
  const head = derHead(bytes, 0, bytes.length);
  if (head !== null && (head.tag !== 0x30 || head.end > longest)) throw new NoFrame('no request for a connection');
  return head?.end ?? null;
};

/** Whether it is a request at all: where it leads, and as whom, is not for the browser to say. Throws `Malformed`. */
export const isRequest = (bytes: Buffer): boolean => {
  const outer = derReader(bytes, 0, bytes.length).next(0x30);
  const fields = derReader(bytes, outer.start, outer.end);
  const found = new Map<number, Buffer>();
  for (let tag = fields.tag(); tag !== null; tag = fields.tag()) found.set(tag, fields.bytes(tag));
  const spoken = found.get(0xa0);
  return spoken !== undefined && found.has(0xa6) && derReader(spoken, 0, spoken.length).integer(0x02) === version;
};

/** The connection is there. */
export const answer = (confirm: Buffer, certificates: readonly Buffer[]): Buffer =>
  derElement(
    0x30,
    derElement(0xa0, derInteger(version)),
    derElement(0xa6, derElement(0x04, confirm)),
    derElement(0xa7, derElement(0x30, ...certificates.map((certificate) => derElement(0x04, certificate)))),
    // An address is required, and the host's own is nothing that a browser needs to know.
    derElement(0xa9, derElement(0x0c, Buffer.from('127.0.0.1:3389'))),
  );

/** There is none, and what it would have been called on the web. */
export const refusal = (status: number): Buffer =>
  derElement(
    0x30,
    derElement(0xa0, derInteger(version)),
    derElement(0xa1, derElement(0x30, derElement(0xa0, derInteger(1)), derElement(0xa1, derInteger(status)))),
  );
