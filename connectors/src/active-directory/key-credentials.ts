import type { LdapEntry } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { textsOf } from './entry.ts';
import { filetimeToDate } from './filetime.ts';
import { guidText } from './guid.ts';

/**
 * The keys by which an account may sign in instead of a password (Windows Hello, FIDO, and whoever wrote one there), from
 * msDS-KeyCredentialLink (MS-ADTS 2.2.20): what each is for, where it comes from, its device and its age. The key itself
 * is public and of no interest.
 */
export const keyCredentials = (entry: LdapEntry): readonly Json[] =>
  textsOf(entry, 'msDS-KeyCredentialLink').slice(0, 100).map(toKey);

/** `B:<digits>:<hexadecimal>:<distinguished name>`. What cannot be read still is a key, of which nothing is known. */
const toKey = (value: string): Json => {
  const [, hex = '', owner = ''] = /^B:\d+:([0-9a-fA-F]*):([\s\S]*)$/.exec(value) ?? [];
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const parts = partsOf(bytes);
  const usage = parts.get(4)?.[0];
  const source = parts.get(5)?.[0];
  const device = parts.get(6);
  const createdAt = parts.get(9);
  const usedAt = parts.get(8);
  return {
    owner,
    usage: usage === undefined ? null : (usages[usage] ?? `0x${usage.toString(16)}`),
    source: source === undefined ? null : source === 0 ? 'ActiveDirectory' : 'AzureActiveDirectory',
    deviceId: device?.length === 16 ? guidText(device) : null,
    createdAt: createdAt ? (filetimeToDate(createdAt)?.toISOString() ?? null) : null,
    lastUsedAt: usedAt ? (filetimeToDate(usedAt)?.toISOString() ?? null) : null,
  };
};

const usages: Readonly<Record<number, string>> = {
  1: 'NextGenerationCredential',
  2: 'SessionTransportKey',
  7: 'FIDO',
  8: 'FileEncryptionKey',
};

/** KEYCREDENTIALLINK_BLOB: a version, then entries of two bytes of length, one of identifier, and the value. */
const partsOf = (bytes: Uint8Array): ReadonlyMap<number, Uint8Array> => {
  const parts = new Map<number, Uint8Array>();
  for (let at = 4; at + 3 <= bytes.length; ) {
    const length = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const identifier = bytes[at + 2] ?? 0;
    if (at + 3 + length > bytes.length) break;
    parts.set(identifier, bytes.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  return parts;
};
