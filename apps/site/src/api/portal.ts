import { z } from 'zod';
import { LiveSession } from './live.ts';
import { text } from './shape.ts';
import { SurveyQuestion } from './surveys.ts';

/** GET /api/portal (public): what a customer finds. */
export const Portal = z.object({
  company: z.string(),
  /** What they agree to; empty: nothing is asked. */
  agreement: z.string(),
  /** Screens that are shared are recorded. */
  recorded: z.boolean(),
  /** Somebody takes sessions from the general queue now; null: nobody may come there by themselves. */
  general: z.boolean().nullable(),
  /** What they may need help with, and whether somebody is there for it. */
  issues: z.array(z.object({ codeName: z.string(), description: z.string(), isAvailable: z.boolean() })),
});
export type Portal = z.output<typeof Portal>;

/** POST /api/portal/link: whether the key of a link still opens a session. */
export const LinkInput = z.strictObject({ key: z.string().regex(/^[0-9a-f]{32}$/, 'This is no key of a link.') });
export const LinkAnswer = z.object({ valid: z.boolean() });

const Name = text(100).trim();

/** POST /api/portal/sessions: with a key, for an issue, or for whoever is there. */
export const BeginInput = z.strictObject({
  key: z
    .string()
    .regex(/^(\d{7}|[0-9a-f]{32})$/, 'A session key has seven digits.')
    .optional(),
  issue: text(64, 1).optional(),
  name: Name.min(1, 'Enter your name.'),
  company: Name.default(''),
  description: text(1_000).trim().default(''),
  /** To what the portal says. */
  agreed: z.literal(true, 'Agree to this first.'),
  /** What the browser says about the machine, for the representative. */
  system: z
    .strictObject({
      platform: text(100).default(''),
      userAgent: text(400).default(''),
      language: text(40).default(''),
      timeZone: text(60).default(''),
      screen: text(40).default(''),
    })
    .optional(),
});

/** GET /api/portal/session, and what beginning one answers. */
export const PortalSession = z.object({
  you: z.int(),
  session: LiveSession,
  /** They are in it: it is not over, and they did not leave. */
  isThere: z.boolean(),
  may: z.object({ sendFiles: z.boolean(), shareScreen: z.boolean() }),
  /** What is asked at the end; empty once it was answered. */
  survey: z.array(SurveyQuestion),
});
export type PortalSession = z.output<typeof PortalSession>;

/** POST /api/portal/session/survey, and POST /api/support/sessions/:lsid/survey */
export const SurveyInput = z.strictObject({
  answers: z.array(z.strictObject({ name: text(64, 1), value: text(4_000) })).max(20),
});

/** PUT …/files?name=: the body is the file. */
export const FileQuery = z.object({
  name: text(255, 1).refine((name) => !/[/\\]/.test(name), 'A name of a file has no slash.'),
});
export const OneFile = z.object({ file: z.uuid() });
export const SharedFile = z.object({ file: z.uuid(), name: z.string(), size: z.int(), sha256: z.string() });

/** POST /api/portal/session/machine: `ask` is the one that the session shows. */
export const LendInput = z.strictObject({ ask: z.uuid(), agrees: z.boolean() });
