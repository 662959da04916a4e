import { createHash } from 'node:crypto';
import { Fault } from '@gatehouse/kernel';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { HostKey, HostTrust } from './ssh.ts';

/** One pinned key; its type is null where only the fingerprint was given. */
interface Pin {
  readonly type: string | null;
  readonly fingerprint: string;
}

/** What a key blob (RFC 4253 6.6) is called. */
export const toHostKey = (blob: Buffer): HostKey => {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  const type = blob.subarray(4, 4 + Math.min(length, 64)).toString('latin1');
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type: /^[a-z0-9@.-]+$/.test(type) ? type : 'unknown', fingerprint, base64: blob.toString('base64') };
};

/** Throws a `misconfigured` Fault for what is no fingerprint, and for an empty list, which would trust nobody. */
export const toPins = (system: string, trust: HostTrust): readonly Pin[] => {
  if (trust.kind === 'first-use') return [];
  if (trust.fingerprints.length === 0) throw new Fault('misconfigured', `Enter a host key of ${system}.`);
  return trust.fingerprints.map((text) => {
    const [, type = null, fingerprint] =
      /^(?:([a-z0-9@.-]{1,64}) +)?(SHA256:[A-Za-z0-9+/]{43})=?$/.exec(text.trim()) ?? [];
    if (fingerprint !== undefined) return { type, fingerprint };
    throw new Fault(
      'misconfigured',
      `A host key of ${system} is not written as OpenSSH prints it, for example "ssh-ed25519 SHA256:" and 43 characters.`,
    );
  });
};

export const isPinned = (pins: readonly Pin[], key: HostKey): boolean =>
  pins.some(({ type, fingerprint }) => fingerprint === key.fingerprint && (type === null || type === key.type));

/** `ssh-ed25519 SHA256:…`, or several of them. */
export const namesOf = (pins: readonly Pin[]): string =>
  pins
    .slice(0, 5)
    .map(({ type, fingerprint }) => (type === null ? fingerprint : `${type} ${fingerprint}`))
    .join(' or ');

/**
 * The algorithms to ask for, those of pinned keys first: a host has several keys and shows one. The others are asked
 * for as well, so that a host without the pinned one can be told apart from one that does not answer.
 */
export const algorithmsFor = (pins: readonly Pin[]): ServerHostKeyAlgorithm[] => {
  const isWanted = (algorithm: string) =>
    pins.some(({ type }) => type === algorithm || (type === 'ssh-rsa' && algorithm.startsWith('rsa-sha2-')));
  return all.toSorted((a, b) => Number(isWanted(b)) - Number(isWanted(a)));
};

const all: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];
