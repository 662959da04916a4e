import { createHash, sign } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, releaseProgram, type SignedManifest } from '@gatehouse/connector-kit/ingest';
import { StartFault } from '@gatehouse/database';
import type { SigningKey } from '@gatehouse/server';
import type { z } from 'zod';

/** The version of the collector that this server offers. */
export interface Release {
  readonly version: string;
  readonly signed: z.output<typeof SignedManifest>;
  readonly manifest: Manifest;
  /** The program itself, first in the manifest. */
  readonly program: string;
  read(file: string): Promise<Buffer | null>;
}

const named = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/** Signs what is in the folder. Null without a folder: then nothing is offered. */
export const openRelease = async (
  folder: string | undefined,
  version: string,
  key: SigningKey,
): Promise<Release | null> => {
  if (folder === undefined) return null;
  const names = await listFiles(folder);
  const program = releaseProgram;
  if (!names.includes(program)) {
    throw new StartFault(
      `The folder ${folder} holds no ${program}. Build it, or leave --collector-release out.`,
      '--collector-release',
    );
  }
  const files: Manifest['files'] = [];
  for (const name of [program, ...names.filter((name) => name !== program)]) {
    const content = await readFile(join(folder, name));
    files.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }
  const manifest: Manifest = { version, files };
  const text = JSON.stringify(manifest);
  const signature = sign(null, Buffer.from(text), key.privateKey).toString('base64');
  return {
    ...{ version, manifest, program, signed: { manifest: text, signature } },
    // By the names of the manifest only, so that no address leads out of the folder.
    read: async (file) => (files.some(({ name }) => name === file) ? await readFile(join(folder, file)) : null),
  };
};

const listFiles = async (folder: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && named.test(entry.name))
      .map(({ name }) => name)
      .sort()
      .slice(0, 20);
  } catch (cause) {
    throw new StartFault(
      `The folder ${folder} cannot be read. Correct --collector-release, or leave it out.`,
      '--collector-release',
      { cause },
    );
  }
};
