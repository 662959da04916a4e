import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { Fault, Secret } from '@gatehouse/kernel';
import type { KeyRing } from './key-ring.ts';

/** Where a sealed value belongs, outermost first: tenant, connection, field. A value opens only in its own place. */
export type SealContext = readonly string[];

/** Keeps secrets in the database so that the database alone does not give them away. */
export interface Sealer {
  /** `gh1.<key>.<bytes>`: the version, which key, and iv, ciphertext and tag in base64url. Different each time. */
  seal(secret: Secret, context: SealContext): string;
  /** A Fault `misconfigured` when the value was changed, belongs elsewhere, or its key is gone. */
  open(sealed: string, context: SealContext): Secret;
  /** Whether a rotation should seal this value again. */
  isStale(sealed: string): boolean;
}

/** AES-256-GCM with a random 96-bit iv; the context is authenticated with the value. */
export const createSealer = (keys: KeyRing): Sealer => {
  const byId = new Map([keys.current, ...keys.older].map(({ id, key }) => [id, createSecretKey(key)]));
  const current = createSecretKey(keys.current.key);
  return {
    seal: (secret, context) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, iv);
      cipher.setAAD(bind(keys.current.id, context));
      const bytes = Buffer.concat([iv, cipher.update(secret.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `gh1.${keys.current.id}.${bytes.toString('base64url')}`;
    },
    open: (sealed, context) => {
      const [version, id = '', text = ''] = sealed.split('.');
      const key = byId.get(id);
      const bytes = Buffer.from(text, 'base64url');
      if (version !== 'gh1' || !key || bytes.length < 28) throw cannotOpen(`version ${version}, key ${id}`);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAAD(bind(id, context));
        decipher.setAuthTag(bytes.subarray(-16));
        return new Secret(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8'));
      } catch (error) {
        throw cannotOpen(`does not open as ${context.join('/')}`, error);
      }
    },
    isStale: (sealed) => sealed.split('.')[1] !== keys.current.id,
  };
};

// JSON keeps ["a","bc"] and ["ab","c"] apart.
const bind = (keyId: string, context: SealContext) => Buffer.from(JSON.stringify(['gh1', keyId, ...context]));

const cannotOpen = (detail: string, cause?: unknown) =>
  new Fault(
    'misconfigured',
    'A stored secret cannot be opened with the key of this server. Enter it again.',
    `sealed value: ${detail}`,
    {
      cause,
    },
  );
