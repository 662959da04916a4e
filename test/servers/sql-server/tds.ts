import type { Duplex } from 'node:stream';

/** The part of the Tabular Data Stream (MS-TDS) that a sign-in and a batch take. */

export const messageTypes = { batch: 0x01, answer: 0x04, login: 0x10, prelogin: 0x12 } as const;

export interface Message {
  readonly type: number;
  readonly payload: Buffer;
}

const headerBytes = 8;
const packetBytes = 4_096;
const lastPacket = 0x01;

/** Calls back with every whole message, however it was cut into packets; answers what is left of the bytes. */
export const readMessages = (onMessage: (message: Message) => void): ((bytes: Buffer) => void) => {
  let held = Buffer.alloc(0);
  let payloads: Buffer[] = [];
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= headerBytes && held.length >= held.readUInt16BE(2)) {
      const end = held.readUInt16BE(2);
      const [type, status] = [held.readUInt8(0), held.readUInt8(1)];
      payloads.push(held.subarray(headerBytes, end));
      held = held.subarray(end);
      if ((status & lastPacket) === 0) continue;
      const payload = Buffer.concat(payloads);
      payloads = [];
      onMessage({ type, payload });
    }
  };
};

export const packetsOf = (type: number, payload: Buffer): Buffer => {
  const packets: Buffer[] = [];
  for (let at = 0, id = 1; at === 0 || at < payload.length; id++) {
    const part = payload.subarray(at, at + packetBytes - headerBytes);
    at += packetBytes - headerBytes;
    const header = Buffer.alloc(headerBytes);
    header.writeUInt8(type, 0);
    header.writeUInt8(at >= payload.length ? lastPacket : 0, 1);
    header.writeUInt16BE(headerBytes + part.length, 2);
    header.writeUInt8(id % 256, 6);
    packets.push(header, part);
  }
  return Buffer.concat(packets);
};

export const answer = (to: Duplex, ...tokens: readonly Buffer[]): void => {
  to.write(packetsOf(messageTypes.answer, Buffer.concat(tokens)));
};

/** `encryption`: 0x00 off, 0x02 not supported, 0x03 required. */
export const preloginAnswer = (encryption: number): Buffer => {
  const options = [
    [0x00, Buffer.from([16, 0, 0, 0, 0, 0])],
    [0x01, Buffer.from([encryption])],
  ] as const;
  let offset = options.length * 5 + 1;
  const heads = options.map(([token, data]) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(token, 0);
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(data.length, 3);
    offset += data.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.from([0xff]), ...options.map(([, data]) => data)]);
};

export interface Login {
  readonly tdsVersion: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** LOGIN7: a fixed part with the offset and the length of each text, in characters of UTF-16. */
export const readLogin = (payload: Buffer): Login => {
  const text = (at: number) =>
    payload.subarray(payload.readUInt16LE(at), payload.readUInt16LE(at) + payload.readUInt16LE(at + 2) * 2);
  // Every byte was turned by four bits and mixed with 0xA5.
  const password = Buffer.from(text(44).map((byte) => ((byte ^ 0xa5) >> 4) | (((byte ^ 0xa5) << 4) & 0xff)));
  return {
    tdsVersion: payload.readUInt32LE(4),
    ...{ user: text(40).toString('utf16le'), password: password.toString('utf16le') },
    database: text(68).toString('utf16le'),
  };
};

/** The statement of a batch, after its headers. */
export const readBatch = (payload: Buffer): string => payload.subarray(payload.readUInt32LE(0)).toString('utf16le');

const short = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
const token = (type: number, content: Buffer) => {
  const head = Buffer.alloc(3);
  head.writeUInt8(type, 0);
  head.writeUInt16LE(content.length, 1);
  return Buffer.concat([head, content]);
};
const whole = (value: number, bytes: 2 | 4 | 8) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes);
};

export const loginAck = (tdsVersion: number): Buffer => {
  const version = Buffer.alloc(4);
  version.writeUInt32BE(tdsVersion);
  return token(0xad, Buffer.concat([Buffer.from([1]), version, short('Fake SQL Server'), Buffer.from([16, 0, 0, 0])]));
};

export interface SqlError {
  readonly number: number;
  readonly message: string;
}

export const errorToken = ({ number, message }: SqlError): Buffer => {
  const text = Buffer.concat([whole(message.length, 2), Buffer.from(message, 'utf16le')]);
  return token(
    0xaa,
    Buffer.concat([whole(number, 4), Buffer.from([1, 14]), text, short('fake'), short(''), whole(1, 4)]),
  );
};

export const done = (isError = false): Buffer =>
  Buffer.concat([Buffer.from([0xfd]), whole(isError ? 2 : 0, 2), whole(0, 2), whole(0, 8)]);

/** One row with one column of text. */
export const oneRow = (value: string | null): Buffer => {
  const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
  const type = Buffer.concat([whole(0, 4), whole(9, 2), Buffer.from([0xe7]), whole(256, 2), collation, short('value')]);
  const data =
    value === null ? whole(0xffff, 2) : Buffer.concat([whole(value.length * 2, 2), Buffer.from(value, 'utf16le')]);
  return Buffer.concat([Buffer.from([0x81]), whole(1, 2), type, Buffer.from([0xd1]), data]);
};
