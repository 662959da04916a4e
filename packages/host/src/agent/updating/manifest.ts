import type { ReleaseManifest, SignedRelease } from '@gatehouse/kernel';
import { z } from 'zod';

export const Manifest = z.strictObject({
  version: z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/),
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i),
        bytes: z.number().int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(20),
}) satisfies z.ZodType<ReleaseManifest>;
export type Manifest = z.output<typeof Manifest>;

export const SignedManifest = z.object({
  manifest: z.string().max(10_000),
  signature: z.string().max(200),
}) satisfies z.ZodType<SignedRelease>;
