import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '@gatehouse/kernel';

const iterations = 4_096;

/**
 * What PostgreSQL keeps of a password (RFC 5803): `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`. It opens nothing, so a
 * server that logs its statements learns no password. For passwords of ASCII, which SASLprep leaves as they are.
 */
export const scramVerifier = async (password: Secret, salt: Buffer = randomBytes(16)): Promise<string> => {
  const salted = await promisify(pbkdf2)(password.reveal(), salt, iterations, 32, 'sha256');
  const keyed = (words: string) => createHmac('sha256', salted).update(words).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
};
