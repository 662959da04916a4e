import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Disk, replaceFile } from '@gatehouse/host/agent';
import { Secret } from '@gatehouse/kernel';
import type { Token } from '@gatehouse/vault-kit';
import { z } from 'zod';

/** Tokens at rest: a file for each identity, whose name tells nothing and whose content opens with the key alone. */
export interface TokenFiles {
  /** Null where there is none, or none that this key opens. */
  read(name: string): Promise<Token | null>;
  write(name: string, token: Token): Promise<void>;
  remove(name: string): Promise<void>;
}

const Plain = z.object({ value: z.string().min(1), expiresAt: z.iso.datetime().nullable() });

export const tokenFolder = (home: string): string => join(home, 'tokens');
const marker = 'cleared';

/** AES-256-GCM with a random nonce; the name of the file is authenticated with it. */
export const openTokenFiles = (disk: Disk, home: string, key: Buffer): TokenFiles => {
  const fileOf = (name: string) =>
    join(tokenFolder(home), `${createHmac('sha256', key).update(name).digest('hex')}.token`);
  return {
    async read(name) {
      const path = fileOf(name);
      const bytes = await disk.read(path);
      if (bytes === null) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(path)).setAuthTag(bytes.subarray(12, 28));
        const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
        const { value, expiresAt } = Plain.parse(JSON.parse(plain.toString('utf8')));
        return { value: new Secret(value), expiresAt: expiresAt === null ? null : new Date(expiresAt) };
      } catch {
        await disk.remove(path);
        return null;
      }
    },
    async write(name, { value, expiresAt }) {
      const path = fileOf(name);
      const plain = JSON.stringify({ value: value.reveal(), expiresAt: expiresAt?.toISOString() ?? null });
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(path));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      await disk.makeFolder(tokenFolder(home));
      await replaceFile(disk, path, Buffer.concat([nonce, cipher.getAuthTag(), body]));
    },
    remove: (name) => disk.remove(fileOf(name)),
  };
};

/** Forgets every token, also in an ECM that runs in another process: it sees that the mark is another one. */
export const clearTokens = async (disk: Disk, home: string): Promise<number> => {
  const folder = tokenFolder(home);
  await disk.makeFolder(folder);
  await replaceFile(disk, join(folder, marker), randomBytes(16).toString('hex'));
  const names = (await disk.list(folder)).filter((name) => name.endsWith('.token'));
  for (const name of names) await disk.remove(join(folder, name));
  return names.length;
};

/** Another text after each clearing; empty before the first. */
export const clearedMark = async (disk: Disk, home: string): Promise<string> =>
  new TextDecoder().decode((await disk.read(join(tokenFolder(home), marker))) ?? new Uint8Array());
