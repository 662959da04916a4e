import { derReader } from '@gatehouse/host';
import { NoFrame } from './frames.ts';
import { perLength } from './mcs.ts';

/** One block of what a client and a host tell each other at the beginning (MS-RDPBCGR 2.2.1.3.1). */
interface Block {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

const types = { core: 0xc001, network: 0xc003, hostNetwork: 0x0c03 } as const;
/** Where the client repeats the protocol that the host has chosen. */
const selectedAt = 212;
const mostChannels = 31;

export interface Initial {
  readonly frame: Buffer;
  /** The channels that the client asks for by their names, and which of them it has. */
  readonly channels: readonly { readonly name: string; readonly isOpen: boolean }[];
}

/**
 * The first message of a client, as the host is to see it: with the protocol that was really chosen, and with only those
 * channels that may be. The others keep their places under a name that no host knows, because both sides count them.
 * Throws `NoFrame` or `Malformed` for what does not read exactly one way.
 */
export const rewriteInitial = (original: Buffer, protocol: number, mayHave: (channel: string) => boolean): Initial => {
  const frame = Buffer.from(original);
  const all = blocks(frame, clientBlocksAt(frame));
  const core = only(all, types.core);
  if (core === null || core.end - core.start < selectedAt + 4) throw new NoFrame('no word on the client');
  frame.writeUInt32LE(protocol, core.start + selectedAt);
  const network = only(all, types.network);
  if (network === null) return { frame, channels: [] };
  const count = network.end - network.start >= 8 ? frame.readUInt32LE(network.start + 4) : -1;
  if (count < 0 || count > mostChannels || network.end - network.start !== 8 + count * 12)
    throw new NoFrame('a list of channels that is none');
  const channels = Array.from({ length: count }, (_, i) => {
    const at = network.start + 8 + i * 12;
    const name = frame.toString('latin1', at, at + 8).split('\0')[0] ?? '';
    const isOpen = mayHave(name.toLowerCase());
    if (!isOpen) frame.write(`closed${i}`.padEnd(8, '\0'), at, 'latin1');
    return { name, isOpen };
  });
  return { frame, channels };
};

/** The channels by their numbers, as the host answers: its own first, then those that the client asked for. */
export const channelNumbers = (response: Buffer): { main: number; others: readonly number[] } => {
  const mark = response.indexOf('McDn', 7, 'latin1');
  if (mark === -1) throw new NoFrame('no word on the host');
  const [length, start] = perLength(response, mark + 4);
  if (start + length > response.length) throw new NoFrame('a word on the host that ends too early');
  const network = only(blocks(response, { start, end: start + length }), types.hostNetwork);
  if (network === null || network.end - network.start < 8) throw new NoFrame('no numbers of channels');
  const count = response.readUInt16LE(network.start + 6);
  if (network.end - network.start < 8 + count * 2) throw new NoFrame('fewer numbers than channels');
  return {
    main: response.readUInt16LE(network.start + 4),
    others: Array.from({ length: count }, (_, i) => response.readUInt16LE(network.start + 8 + i * 2)),
  };
};

/** Through the frame (T.125 connect-initial) and the envelope in it (T.124), each of which must end where it says. */
const clientBlocksAt = (frame: Buffer): { start: number; end: number } => {
  // Its tag takes two bytes, which the reader of elements does not know; another stands in for it.
  const body = derReader(Buffer.concat([Buffer.from([0x30]), frame.subarray(9)]), 0, frame.length - 8);
  const outer = body.next(0x30);
  const shift = 8;
  if (outer.end + shift !== frame.length) throw new NoFrame('a first message that does not end where it says');
  const parts = derReader(frame, outer.start + shift, frame.length);
  for (const tag of [0x04, 0x04, 0x01, 0x30, 0x30, 0x30]) parts.next(tag);
  const envelope = parts.next(0x04);
  if (envelope.end !== frame.length) throw new NoFrame('more behind the first message');
  // The length of the envelope is one that clients get wrong and hosts do not look at; the one inside it counts.
  const [, from] = perLength(frame, envelope.start + conference.length);
  const list = from + duca.length;
  if (
    !frame.subarray(envelope.start, envelope.start + conference.length).equals(conference) ||
    !frame.subarray(from, list).equals(duca)
  )
    throw new NoFrame('another envelope than that of remote desktops');
  const [length, start] = perLength(frame, list);
  if (start + length !== frame.length) throw new NoFrame('an envelope that does not end where it says');
  return { start, end: frame.length };
};

const conference = Buffer.from('000500147c0001', 'hex');
/** The request for a conference, up to the key of whose data follows: "Duca". */
const duca = Buffer.from('000800100001c00044756361', 'hex');

const blocks = (bytes: Buffer, { start, end }: { start: number; end: number }): readonly Block[] => {
  const found: Block[] = [];
  for (let at = start; at < end; ) {
    const length = at + 4 <= end ? bytes.readUInt16LE(at + 2) : 0;
    if (length < 4 || at + length > end) throw new NoFrame('a block that is none');
    found.push({ type: bytes.readUInt16LE(at), start: at, end: at + length });
    at += length;
  }
  return found;
};

/** Null where there is none. */
const only = (all: readonly Block[], type: number): Block | null => {
  const [first = null, second] = all.filter((block) => block.type === type);
  if (second !== undefined) throw new NoFrame('a block that is there twice');
  return first;
};
