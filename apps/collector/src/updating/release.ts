import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { importPublicKey, Manifest, releaseProgram, SignedManifest } from '@gatehouse/connector-kit/ingest';
import type { Disk } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';

/** The signed manifest, beside the files that it lists. */
export const manifestFile = 'release.json';

/** @throws Fault `unexpected` for what the holder of the release key did not sign, or is no release of a collector. */
export const openManifest = async (bytes: Uint8Array, releaseKey: string): Promise<Manifest> => {
  const signed = SignedManifest.safeParse(jsonOf(new TextDecoder().decode(bytes))).data;
  if (signed === undefined) throw refused('Its manifest cannot be read.');
  const { manifest, signature } = signed;
  const key = await importPublicKey(releaseKey);
  const isOurs = await crypto.subtle
    .verify('Ed25519', key, Buffer.from(signature, 'base64'), new TextEncoder().encode(manifest))
    .catch(() => false);
  if (!isOurs) throw refused('Its manifest is not signed with the key that was agreed at registration.');
  const opened = Manifest.safeParse(jsonOf(manifest)).data;
  if (opened === undefined) throw refused('Its manifest is signed, but is none of a collector.');
  if (!opened.files.some(({ name }) => name === releaseProgram)) throw refused(`It has no ${releaseProgram}.`);
  return opened;
};

/** @throws Fault `unexpected` for a file that is not the one of the manifest. */
export const checkFile = ({ name, bytes, sha256 }: Manifest['files'][number], content: Uint8Array): void => {
  const isSame = content.byteLength === bytes && createHash('sha256').update(content).digest('hex') === sha256;
  if (!isSame) throw refused(`Its file ${name} is not the one that was signed.`);
};

/** A folder of a version, as it was signed. @throws Fault `unexpected` otherwise. */
export const checkFolder = async (disk: Disk, folder: string, version: string, releaseKey: string): Promise<void> => {
  const bytes = await disk.read(join(folder, manifestFile));
  if (bytes === null) throw refused('Its manifest is missing.');
  const manifest = await openManifest(bytes, releaseKey);
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
