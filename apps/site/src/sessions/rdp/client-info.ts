import { Fault } from '@gatehouse/kernel';
import { NoFrame } from './frames.ts';

/** Who signs in, as the host is to be told. */
export interface SigningIn {
  readonly username: string;
  readonly domain: string;
  readonly password: string;
}

const securityHeader = 0x40;
const flags = { autologon: 0x8, unicode: 0x10, isPin: 0x40000, isSaved: 0x100000 } as const;
/** The most that a host takes of each, in bytes and without its end. */
const longest = 510;

/** Whether these bytes of the host's own channel are the one message that carries the account. */
export const isClientInfo = (data: Buffer): boolean => data.length >= 4 && (data.readUInt16LE() & securityHeader) !== 0;

/**
 * The message with the account in place of what the browser wrote there (MS-RDPBCGR 2.2.1.11). What it would start
 * instead of the desktop is left out. Throws `NoFrame` for what does not hold together.
 */
export const rewriteClientInfo = (data: Buffer, account: SigningIn): Buffer => {
  const head = 4 + 8;
  if (data.length < head + 10) throw new NoFrame('a sign-in that ends too early');
  const asked = data.readUInt32LE(8);
  if ((asked & flags.unicode) === 0) throw new NoFrame('a sign-in that is not in Unicode');
  const texts = Array.from({ length: 5 }, (_, i) => data.readUInt16LE(head + i * 2) + 2);
  const rest = head + 10 + texts.reduce((sum, length) => sum + length, 0);
  if (rest > data.length) throw new NoFrame('a sign-in that ends too early');
  const written = [account.domain, account.username, account.password, '', ''].map((text) =>
    Buffer.from(text, 'utf16le'),
  );
  if (written.some((text) => text.length > longest))
    throw new Fault('unsupported', 'The name, the domain or the password is longer than a remote desktop takes.');
  const lengths = Buffer.alloc(head + 10);
  data.copy(lengths, 0, 0, head);
  lengths.writeUInt32LE(((asked | flags.autologon) & ~(flags.isPin | flags.isSaved)) >>> 0, 8);
  for (const [i, text] of written.entries()) lengths.writeUInt16LE(text.length, head + i * 2);
  return Buffer.concat([lengths, ...written.flatMap((text) => [text, Buffer.alloc(2)]), data.subarray(rest)]);
};
