import { z } from 'zod';
import { identityKinds } from './words.ts';

/** GET /api/my (signed-in): what the pages need to know about whoever looks at them. */
export const My = z.object({
  /** Null: none is linked, or it is disabled. */
  identity: z.object({ identityId: z.uuid(), name: z.string(), kind: z.enum(identityKinds) }).nullable(),
  /** Whether passwords can be seen on pages, behind a second factor and a second person. */
  reveal: z.boolean(),
});

/** GET /api/overview (system-administrator): how the vault stands. */
export const Overview = z.object({
  systems: z.number().int(),
  credentials: z.number().int(),
  /** Their last verification failed. */
  failing: z.number().int(),
  withoutSecret: z.number().int(),
  /** Waiting for their time, an attempt or a check-in, or under way. */
  jobsRunning: z.number().int(),
  jobsFailed: z.number().int(),
  checkouts: z.number().int(),
  requests: z.number().int(),
  auditEntries: z.number().int(),
});
