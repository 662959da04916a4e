import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Whoever signs releases. */
export interface ReleaseKey {
  /** 32 bytes in base64, as it is agreed at registration. */
  readonly public: string;
  readonly private: KeyObject;
}

export const makeReleaseKey = (): ReleaseKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { public: Buffer.from(x, 'base64url').toString('base64'), private: privateKey };
};

/** The files that a server serves for a release. */
export const release = (
  key: ReleaseKey,
  version: string,
  program: string | Uint8Array,
): Record<string, string | Uint8Array> => {
  const bytes = Buffer.from(program);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const manifest = JSON.stringify({ version, files: [{ name: 'collector.mjs', bytes: bytes.length, sha256 }] });
  const signature = sign(null, Buffer.from(manifest), key.private).toString('base64');
  return { 'release.json': JSON.stringify({ manifest, signature }), 'collector.mjs': program };
};

/** Programs that stand for a newer version. They append their name to a file whenever they start. */
export const programs = {
  reports: (mark: string) =>
    `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(mark)}, 'reports\\n');
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send({ type: 'reported' });
setInterval(() => {}, 1000);`,
  isSilent: (mark: string) =>
    `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(mark)}, 'silent\\n');
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
setInterval(() => {}, 1000);`,
  ends: (mark: string) =>
    `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(mark)}, 'ends\\n');
process.exit(1);`,
} as const;
