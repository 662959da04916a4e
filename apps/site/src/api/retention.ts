import { z } from 'zod';
import { text } from './shape.ts';

const days = z
  .int('Enter a whole number of days.')
  .min(1, 'Keep them for a day at least.')
  .max(3_650, 'At most 3,650 days, which are ten years.');

const lengths = {
  /** Recordings of shells, with what was typed where that is recorded. */
  shellDays: days,
  /** Recordings of VNC and RDP. */
  desktopDays: days,
  /** Who had a session with what, why, and how it ended. */
  sessionDays: days,
};
const keepsWhole = {
  check: (kept: { shellDays: number; desktopDays: number; sessionDays: number }) =>
    kept.sessionDays >= Math.max(kept.shellDays, kept.desktopDays),
  otherwise: { path: ['sessionDays'], error: 'A recording goes with its session: keep sessions as long as both.' },
};

/** GET, PUT /api/retention (system administrator): days from the end of a session. */
export const Retention = z.strictObject(lengths).refine(keepsWhole.check, keepsWhole.otherwise);
export type Retention = z.output<typeof Retention>;

/** GET /api/retention/due?shellDays=&desktopDays=&sessionDays=: what such a retention would remove now. */
export const DueQuery = z
  .object({ shellDays: z.coerce.number().pipe(days), desktopDays: z.coerce.number().pipe(days) })
  .extend({ sessionDays: z.coerce.number().pipe(days) })
  .refine(keepsWhole.check, keepsWhole.otherwise);
export const Due = z.object({ recordings: z.int(), bytes: z.int(), sessions: z.int(), held: z.int() });

/**
 * GET /api/sessions/:id/hold (system administrator): null where nobody keeps it. PUT {reason} → 200: neither the session
 * nor its recording is removed until DELETE → 204.
 */
export const Hold = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string() });
export const HeldSession = z.object({ hold: Hold.nullable() });
export const HoldInput = z.strictObject({ reason: text(1_000).trim().min(1, 'Say why it is kept.') });
