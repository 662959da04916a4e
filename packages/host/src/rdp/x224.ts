/** What a host may be asked to speak (MS-RDPBCGR 2.2.1.1.1). */
export const protocols = { tls: 1, nla: 2, nlaWithResult: 8 } as const;

/** An X.224 connection request that asks for any of the protocols, in its TPKT. */
export const connectionRequest = (asked: number): Buffer => {
  const request = Buffer.from([3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0]);
  request.writeUInt32LE(asked, 15);
  return request;
};

export type Confirmed =
  | { readonly kind: 'protocol'; readonly protocol: number }
  /** It speaks only what this protocol had before TLS. */
  | { readonly kind: 'old' }
  /** Why it takes none of those that it was asked for (2.2.1.2.2). */
  | { readonly kind: 'refused'; readonly code: number };

/** Length of a TPKT by its first bytes; null before there are four; -1 for what is none. */
export const packetLength = (bytes: Buffer): number | null => {
  if (bytes.length > 0 && bytes[0] !== 3) return -1;
  if (bytes.length < 4) return null;
  const length = bytes.readUInt16BE(2);
  return length < 7 ? -1 : length;
};

/** The answer, without its doubts; null for what is none. */
export const parseConfirm = (packet: Buffer): Confirmed | null => {
  const isConfirm = packet.length >= 11 && (packet[5] ?? 0) >> 4 === 0xd && packet[4] === packet.length - 5;
  if (!isConfirm) return null;
  if (packet.length === 11) return { kind: 'old' };
  if (packet.length !== 19 || packet.readUInt16LE(13) !== 8) return null;
  const value = packet.readUInt32LE(15);
  if (packet[11] === 3) return { kind: 'refused', code: value };
  if (packet[11] !== 2) return null;
  return value === 0 ? { kind: 'old' } : { kind: 'protocol', protocol: value };
};
