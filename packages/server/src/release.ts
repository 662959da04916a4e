import { createHash, sign } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import type { ReleaseManifest, SignedRelease } from '@gatehouse/kernel';
import type { SigningKey } from './sealing/signing-key.ts';

/** The version of a program that this server offers to those of it that update themselves. */
export interface Release {
  readonly version: string;
  readonly signed: SignedRelease;
  readonly manifest: ReleaseManifest;
  /** The program itself, first in the manifest. */
  readonly program: string;
  read(file: string): Promise<Buffer | null>;
}

export interface ReleaseOptions {
  /** Undefined: nothing is offered. */
  readonly folder: string | undefined;
  /** The setting that names the folder: `--collector-release`. */
  readonly setting: string;
  /** The file that Node.js starts: `collector.mjs`. */
  readonly program: string;
  readonly version: string;
  readonly key: SigningKey;
}

const named = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/** Signs what is in the folder. Null without a folder: then nothing is offered. */
export const openRelease = async ({
  folder,
  setting,
  program,
  version,
  key,
}: ReleaseOptions): Promise<Release | null> => {
  if (folder === undefined) return null;
  const names = await listFiles(folder, setting);
  if (!names.includes(program))
    throw new StartFault(`The folder ${folder} holds no ${program}. Build it, or leave ${setting} out.`, setting);
  const files: ReleaseManifest['files'][number][] = [];
  for (const name of [program, ...names.filter((name) => name !== program)]) {
    const content = await readFile(join(folder, name));
    files.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }
  const manifest: ReleaseManifest = { version, files };
  const text = JSON.stringify(manifest);
  const signature = sign(null, Buffer.from(text), key.privateKey).toString('base64');
  return {
    ...{ version, manifest, program, signed: { manifest: text, signature } },
    // By the names of the manifest only, so that no address leads out of the folder.
    read: async (file) => (files.some(({ name }) => name === file) ? await readFile(join(folder, file)) : null),
  };
};

const listFiles = async (folder: string, setting: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && named.test(entry.name))
      .map(({ name }) => name)
      .sort()
      .slice(0, 20);
  } catch (cause) {
    throw new StartFault(`The folder ${folder} cannot be read. Correct ${setting}, or leave it out.`, setting, {
      cause,
    });
  }
};
