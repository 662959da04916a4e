import { randomBytes } from 'node:crypto';
import { Malformed } from '../ldap/ber.ts';
import { accountKey, createSeal, hmacMd5, type Seal, utf16 } from './ntlm-keys.ts';
import { createRc4 } from './rc4.ts';

/** NTLM version 2 (MS-NLMP), as a client that signs and seals. */
export interface Ntlm {
  /** The first message. */
  readonly negotiate: Buffer;
  /** Answers the challenge; once. Throws `Malformed` for what is none, or for one that is not as strong as is asked here. */
  authenticate(challenge: Buffer): NtlmProof;
}

export interface NtlmProof {
  readonly message: Buffer;
  readonly outgoing: Seal;
  readonly incoming: Seal;
}

export interface NtlmAccount {
  readonly username: string;
  /** Empty for the host's own accounts. */
  readonly domain: string;
  readonly password: string;
  /** What is signed in to: `TERMSRV/` and the name of the host. */
  readonly target: string;
}

/** What a test fixes, to compare with published values. */
export interface NtlmChance {
  readonly clientChallenge: Buffer;
  readonly sessionKey: Buffer;
  readonly now: Date;
}

const flags = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSecurity: 0x80000,
  targetText: 0x800000,
  version: 0x2000000,
  strong: 0x20000000,
  keyExchange: 0x40000000,
} as const;

const asked = Object.values(flags).reduce((sum, flag) => (sum | flag) >>> 0, 0);
/** Without any of these nothing of the exchange would be worth its name. */
const needed = flags.unicode | flags.extendedSecurity | flags.strong | flags.keyExchange | flags.sign | flags.seal;

export const createNtlm = (account: NtlmAccount, chance?: NtlmChance): Ntlm => {
  const negotiate = Buffer.concat([head(1), word(asked), Buffer.alloc(16), version]);
  return { negotiate, authenticate: (challenge) => authenticate(account, negotiate, challenge, chance ?? chosen()) };
};

const chosen = (): NtlmChance => ({
  clientChallenge: randomBytes(8),
  sessionKey: randomBytes(16),
  now: new Date(),
});

const authenticate = (of: NtlmAccount, negotiate: Buffer, challenge: Buffer, chance: NtlmChance): NtlmProof => {
  const { serverChallenge, offered, target } = parseChallenge(challenge);
  if ((offered & needed) >>> 0 !== needed) throw new Malformed('weaker NTLM than is asked for');
  const at = target.get(attribute.timestamp);
  const key = accountKey(of);
  const temp = Buffer.concat([
    ...[Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), at ?? fileTime(chance.now), chance.clientChallenge, Buffer.alloc(4)],
    ...[pairs(answered(target, of.target)), Buffer.alloc(4)],
  ]);
  const proof = hmacMd5(key, serverChallenge, temp);
  // A host that tells the time wants no answer of the older kind.
  const older =
    at === undefined
      ? Buffer.concat([hmacMd5(key, serverChallenge, chance.clientChallenge), chance.clientChallenge])
      : Buffer.alloc(24);
  const exchangeKey = hmacMd5(key, proof);
  const { sessionKey } = chance;
  const parts = [
    ...[older, Buffer.concat([proof, temp]), utf16(of.domain), utf16(of.username), Buffer.alloc(0)],
    createRc4(exchangeKey).apply(sessionKey),
  ];
  const message = withFields(parts, (asked & offered) >>> 0);
  hmacMd5(sessionKey, negotiate, challenge, message).copy(message, micAt);
  return {
    message,
    outgoing: createSeal(sessionKey, 'client-to-server'),
    incoming: createSeal(sessionKey, 'server-to-client'),
  };
};

const attribute = { end: 0, flags: 6, timestamp: 7, target: 9, bindings: 10 } as const;

/** What the host said of itself, and ours: that the message carries a code over all three, and whom it is for. */
const answered = (target: ReadonlyMap<number, Buffer>, name: string): ReadonlyMap<number, Buffer> => {
  const said = target.get(attribute.flags);
  const isWritten = word((said?.length === 4 ? said.readUInt32LE() : 0) | 2);
  return new Map([
    ...target,
    [attribute.flags, isWritten],
    // None: network level authentication binds the host's public key by itself.
    [attribute.bindings, Buffer.alloc(16)],
    [attribute.target, utf16(name)],
  ]);
};

const pairs = (of: ReadonlyMap<number, Buffer>): Buffer =>
  Buffer.concat([...[...of].flatMap(([id, value]) => [short(id), short(value.length), value]), Buffer.alloc(4)]);

const parseChallenge = (message: Buffer) => {
  if (message.length < 48 || message.length > 8_192 || !message.subarray(0, 12).equals(head(2)))
    throw new Malformed('no NTLM challenge');
  const length = message.readUInt16LE(40);
  const from = message.readUInt32LE(44);
  if (from + length > message.length) throw new Malformed('an NTLM challenge that ends too early');
  return {
    serverChallenge: message.subarray(24, 32),
    offered: message.readUInt32LE(20),
    target: parsePairs(message.subarray(from, from + length)),
  };
};

const parsePairs = (bytes: Buffer): ReadonlyMap<number, Buffer> => {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = bytes.readUInt16LE(at);
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (id === attribute.end) return found;
    if (end > bytes.length || found.size >= 32) break;
    found.set(id, bytes.subarray(at + 4, end));
    at = end;
  }
  if (bytes.length === 0) return found;
  throw new Malformed('an NTLM challenge whose list does not end');
};

const micAt = 72;
const payloadAt = 88;

/** The order of the payload is free, the one of the fields is not. */
const withFields = (parts: readonly Buffer[], agreed: number): Buffer => {
  let at = payloadAt;
  const fields = parts.map((part) => {
    const field = Buffer.concat([short(part.length), short(part.length), word(at)]);
    at += part.length;
    return field;
  });
  return Buffer.concat([head(3), ...fields, word(agreed), version, Buffer.alloc(16), ...parts]);
};

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const head = (kind: number): Buffer => Buffer.concat([Buffer.from('NTLMSSP\0', 'latin1'), word(kind)]);
/** Windows 10; the last byte is the revision of NTLM itself. */
const version = Buffer.from([10, 0, 0x61, 0x4a, 0, 0, 0, 15]);

/** Tenths of microseconds since 1601. */
const fileTime = (date: Date): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n);
  return bytes;
};
