import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Fault, Secret } from '@gatehouse/kernel';
import type { Agent } from './agent.ts';
import { type Disk, replaceFile } from './disk.ts';

/**
 * Seals secrets with AES-256-GCM under the key in `machine.key`, bound to the name of what they are. That protects a copy
 * of the settings alone: a backup of one file, a file sent to somebody for help. It does not protect from who can read
 * the folder, because the key is in it; that is what the owner and mode of the folder are for.
 */
export interface Seal {
  close(secret: Secret, name: string): string;
  /** @throws Fault `misconfigured` for what another machine sealed, or something else. */
  open(sealed: string, name: string): Secret;
}

export const openSeal = async (disk: Disk, home: string, agent: Agent): Promise<Seal> => {
  const path = join(home, 'machine.key');
  const known = await disk.read(path);
  const key = known ?? randomBytes(32);
  if (known === null) await replaceFile(disk, path, key);
  if (key.byteLength !== 32) throw unreadable(path, agent);

  return {
    close(secret, name) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, name) {
      try {
        const bytes = Buffer.from(sealed, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(name));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return new Secret(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
      } catch {
        throw unreadable(path, agent);
      }
    },
  };
};

const unreadable = (path: string, { name }: Agent) =>
  new Fault(
    'misconfigured',
    `The secrets of this ${name} cannot be opened with ${path}. Was a file copied from another machine? Set the ${name} up anew.`,
  );
