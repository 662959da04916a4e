import { z } from 'zod';

/** What is remembered of a lease: as whom it was asked for, what waits for approval, and what came. */
const Kept = z.object({
  as: z.string(),
  /** The request that somebody has to grant; null where none was made. */
  request: z.string().nullable(),
  /** Of what was handed out; null where nothing is known to have come. */
  spin: z
    .object({
      storeType: z.number(),
      credentialType: z.string().nullable(),
      isRandom: z.boolean(),
      autoSpin: z.boolean(),
    })
    .nullable(),
});
export type Kept = z.output<typeof Kept>;
export type Spin = NonNullable<Kept['spin']>;

export const toText = (kept: Kept): string => JSON.stringify(kept);

/** Null where nothing was kept, which means that the vault was never asked for anything. */
export const readKept = (text: string | null): Kept | null => (text === null ? null : Kept.parse(JSON.parse(text)));
