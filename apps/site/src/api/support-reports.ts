import { z } from 'zod';
import { Id, text } from './shape.ts';
import { listOf } from './site.ts';
import { SupportSession, WholeSupportSession } from './support.ts';

const When = z.iso.datetime();
const Moment = z.iso.datetime({ offset: true, error: 'Enter a time such as 2026-10-16T14:46:23Z.' });
const Cursor = z.string().regex(/^\d{1,15}$/, 'This cursor belongs to another list. Start at the first page.');
const page = { cursor: Cursor.optional(), limit: z.coerce.number().int().min(1).max(500).default(50) };

/**
 * GET /api/support-sessions (system administrator), newest first; /api/support-sessions/export.csv and …/export.json: all
 * that match. `search` looks into names of whoever was in one, external keys, issues, attributes and ids.
 */
export const SupportSessionsQuery = z.object({
  ...page,
  search: text(200).trim().default(''),
  /** `false`: all of them. */
  live: z.enum(['true', 'false']).default('false'),
  /** Those that an administrator keeps whatever the retention says, or the others. */
  held: z.stringbool().optional(),
  /** Those that began then or later, and before. */
  from: Moment.optional(),
  until: Moment.optional(),
});
export const SupportSessionsFilter = SupportSessionsQuery.omit({ cursor: true, limit: true });

export const ReportedSupportSession = SupportSession.extend({
  /** Of its queue; what was deleted has none any more. */
  queueName: z.string(),
  company: z.string(),
  /** Names of those who helped, in the order they came. */
  representatives: z.array(z.string()),
  /** Somebody keeps it whatever the retention says. */
  held: z.boolean(),
});
export const SupportSessions = listOf(ReportedSupportSession);

/** A file, or the recording of a screen that was shared. */
export const SupportFile = z.object({
  id: z.uuid(),
  kind: z.enum(['file', 'screen']),
  name: z.string(),
  mediaType: z.string(),
  /** Whose it is. */
  gsnumber: z.int(),
  state: z.enum(['arriving', 'kept', 'broken']),
  bytes: z.int(),
  sha256: z.string().nullable(),
  beganAt: When,
  endedAt: When.nullable(),
});

/** GET /api/support-sessions/:lsid */
export const AnySupportSession = WholeSupportSession.extend({
  correlationId: z.string(),
  queueName: z.string(),
  files: z.array(SupportFile),
  /** When the retention removed them; null: it did not. */
  removed: z.object({ chatAt: When.nullable(), recordingsAt: When.nullable(), filesAt: When.nullable() }),
});

/** GET /api/session-keys (system administrator): those that are valid, newest first */
export const SessionKeysQuery = z.object({ ...page, search: text(200).trim().default('') });
export const SessionKeys = listOf(
  z.object({
    id: Id,
    queue: z.string(),
    queueName: z.string(),
    issue: z.string().nullable(),
    externalKey: z.string(),
    madeBy: z.string(),
    madeAt: When,
    expiresAt: When,
    uses: z.int(),
    mostUses: z.int(),
  }),
);
