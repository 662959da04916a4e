import { createHash, createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import type { Disk } from '../disk.ts';
import { Manifest, SignedManifest } from './manifest.ts';

/** The signed manifest, beside the files that it lists. */
export const manifestFile = 'release.json';

/** Whose releases: their key, 32 bytes in base64, and the file that Node.js starts. */
export interface ReleaseOf {
  readonly releaseKey: string;
  readonly program: string;
}

/** @throws Fault `unexpected` for what the holder of the release key did not sign, or is no release of this program. */
export const openManifest = (bytes: Uint8Array, { releaseKey, program }: ReleaseOf): Manifest => {
  const signed = SignedManifest.safeParse(jsonOf(new TextDecoder().decode(bytes))).data;
  if (signed === undefined) throw refused('Its manifest cannot be read.');
  const { manifest, signature } = signed;
  const isOurs = isSigned(manifest, signature, releaseKey);
  if (!isOurs) throw refused('Its manifest is not signed with the key that was agreed at registration.');
  const opened = Manifest.safeParse(jsonOf(manifest)).data;
  if (opened === undefined) throw refused('Its manifest is signed, but is none of this program.');
  if (!opened.files.some(({ name }) => name === program)) throw refused(`It has no ${program}.`);
  return opened;
};

const isSigned = (text: string, signature: string, releaseKey: string): boolean => {
  const x = Buffer.from(releaseKey, 'base64').toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};

/** @throws Fault `unexpected` for a file that is not the one of the manifest. */
export const checkFile = ({ name, bytes, sha256 }: Manifest['files'][number], content: Uint8Array): void => {
  const isSame = content.byteLength === bytes && createHash('sha256').update(content).digest('hex') === sha256;
  if (!isSame) throw refused(`Its file ${name} is not the one that was signed.`);
};

/** A folder of a version, as it was signed. @throws Fault `unexpected` otherwise. */
export const checkFolder = async (disk: Disk, folder: string, version: string, of: ReleaseOf): Promise<void> => {
  const bytes = await disk.read(join(folder, manifestFile));
  if (bytes === null) throw refused('Its manifest is missing.');
  const manifest = openManifest(bytes, of);
  if (manifest.version !== version) throw refused(`It is version ${manifest.version}.`);
  for (const file of manifest.files) checkFile(file, (await disk.read(join(folder, file.name))) ?? new Uint8Array());
};

const refused = (why: string) => new Fault('unexpected', `A version is refused. ${why}`);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
