import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { Fault, Secret } from '@gatehouse/kernel';
import { createSealer, type KeyRing } from '@gatehouse/server';

/** A secret as the database keeps it: sealed by a key of its own, which the master key wraps. */
export interface Sealed {
  /** The data key, wrapped: `gh1.<master key>.<bytes>`. */
  readonly wrappedKey: string;
  /** iv, ciphertext and tag in base64url. */
  readonly sealed: string;
}

/** Envelope encryption: every secret has a data key of its own, so that a new master key means to wrap keys, not secrets. */
export interface Envelope {
  /** `place` says where it belongs (`credential/<id>`); it opens nowhere else. */
  seal(secret: Secret, place: string): Sealed;
  /** @throws Fault `misconfigured` where it was changed, belongs elsewhere, or its master key is gone */
  open(sealed: Sealed, place: string): Secret;
  /** Whether an older master key wraps it. */
  isStale(sealed: Pick<Sealed, 'wrappedKey'>): boolean;
  /** The data key, wrapped by the current master key. What is sealed by it stays as it is. */
  rewrap(sealed: Pick<Sealed, 'wrappedKey'>, place: string): string;
}

/** AES-256-GCM twice. A data key seals one secret only, so its iv need not be random, but is. */
export const createEnvelope = (masters: KeyRing): Envelope => {
  const wrapping = createSealer(masters);
  const context = (place: string) => ['data-key', place];
  return {
    seal(secret, place) {
      const key = randomBytes(32);
      try {
        const iv = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', key, iv);
        cipher.setAAD(Buffer.from(place));
        const bytes = Buffer.concat([iv, cipher.update(secret.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()]);
        const wrappedKey = wrapping.seal(new Secret(key.toString('base64url')), context(place));
        return { wrappedKey, sealed: bytes.toString('base64url') };
      } finally {
        key.fill(0);
      }
    },
    open({ wrappedKey, sealed }, place) {
      const key = Buffer.from(wrapping.open(wrappedKey, context(place)).reveal(), 'base64url');
      try {
        const bytes = Buffer.from(sealed, 'base64url');
        if (bytes.length < 28 || key.length !== 32) throw damaged(place);
        const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), bytes.subarray(0, 12), {
          authTagLength: 16,
        });
        decipher.setAAD(Buffer.from(place));
        decipher.setAuthTag(bytes.subarray(-16));
        return new Secret(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8'));
      } catch (error) {
        throw error instanceof Fault ? error : damaged(place, error);
      } finally {
        key.fill(0);
      }
    },
    isStale: ({ wrappedKey }) => wrapping.isStale(wrappedKey),
    rewrap: ({ wrappedKey }, place) => wrapping.seal(wrapping.open(wrappedKey, context(place)), context(place)),
  };
};

const damaged = (place: string, cause?: unknown) =>
  new Fault(
    'misconfigured',
    'A stored secret was changed in the database, or belongs to something else. Restore it from a backup, or store it again.',
    `sealed secret of ${place}`,
    { cause },
  );
