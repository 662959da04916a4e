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
  /** Words between customers and representatives. */
  supportChatDays: days,
  /** Screens that customers shared. */
  supportRecordingDays: days,
  /** Files that went from one to the other. */
  supportFileDays: days,
  /** Who helped whom, with notes, surveys and everything else that happened. */
  supportSessionDays: days,
};

/** Days from the end of a session. */
export const Retention = z
  .strictObject(lengths)
  .refine(({ sessionDays, shellDays, desktopDays }) => sessionDays >= Math.max(shellDays, desktopDays), {
    ...{ path: ['sessionDays'], error: 'A recording goes with its session: keep sessions as long as both.' },
  })
  .refine(
    ({ supportSessionDays, supportChatDays, supportRecordingDays, supportFileDays }) =>
      supportSessionDays >= Math.max(supportChatDays, supportRecordingDays, supportFileDays),
    {
      path: ['supportSessionDays'],
      error: 'What belongs to a support session goes with it: keep sessions as long as all of that.',
    },
  );
export type Retention = z.output<typeof Retention>;

/** GET, PUT /api/retention (system administrator). What is left out stays as it is. */
export const RetentionInput = z.strictObject(lengths).partial();
export type RetentionInput = z.output<typeof RetentionInput>;

/** GET /api/retention/due?shellDays=&…: what such a retention would remove now. What is left out is as it is. */
const asked = z.coerce.number().pipe(days).optional();
export const DueQuery = z.object({
  ...{ shellDays: asked, desktopDays: asked, sessionDays: asked, supportChatDays: asked },
  ...{ supportRecordingDays: asked, supportFileDays: asked, supportSessionDays: asked },
});
export const Due = z.object({
  ...{ recordings: z.int(), bytes: z.int(), sessions: z.int(), held: z.int() },
  support: z.object({
    sessions: z.int(),
    chats: z.int(),
    recordings: z.int(),
    files: z.int(),
    bytes: z.int(),
    held: z.int(),
  }),
});

/**
 * GET /api/sessions/:id/hold, /api/support-sessions/:lsid/hold (system administrator): null where nobody keeps it.
 * PUT {reason} → 200: neither the session nor what belongs to it is removed until DELETE → 204.
 */
export const Hold = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string() });
export const HeldSession = z.object({ hold: Hold.nullable() });
export const HoldInput = z.strictObject({ reason: text(1_000).trim().min(1, 'Say why it is kept.') });
