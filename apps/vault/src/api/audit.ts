import { z } from 'zod';
import { Flag, ListQuery, When } from './words.ts';

const filters = {
  /** Name or number of an event. */
  event: z
    .string()
    .trim()
    .regex(/^([A-Z_]{1,80}|\d{1,6})$/, 'Write EVENT_ID_PASSWORD_CHECKED_OUT or 2002.')
    .optional(),
  /** Part of the name of who acted, or of who acted in that name. */
  actor: z.string().trim().max(200).optional(),
  target: z.string().trim().max(200).optional(),
  correlationId: z.string().trim().max(200).optional(),
  succeeded: Flag,
  /** Not before, and before. */
  from: z.iso.datetime({ offset: true, error: 'Write a time such as 2027-01-31T00:00:00Z.' }).optional(),
  until: z.iso.datetime({ offset: true, error: 'Write a time such as 2027-01-31T00:00:00Z.' }).optional(),
};

/**
 * GET /api/audit → list(AuditEntry), newest first; POST /api/audit/verify → Verdict; GET /api/audit/export: every entry of
 * the query as lines, oldest first (all system-administrator)
 */
export const AuditQuery = ListQuery.extend(filters);
export const exportFormats = ['json', 'cef', 'syslog'] as const;
export const AuditExport = z.strictObject({ ...filters, format: z.enum(exportFormats).default('json') });
export const AuditEntry = z.object({
  seq: z.number().int(),
  at: When,
  event: z.string(),
  eventId: z.number().int(),
  succeeded: z.boolean(),
  actor: z.string(),
  impersonator: z.string().nullable(),
  address: z.string().nullable(),
  through: z.string(),
  target: z.string(),
  message: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  correlationId: z.string(),
  /** Of this entry and all before it, in hexadecimal. */
  hash: z.string(),
});
export const Verdict = z.object({
  isWhole: z.boolean(),
  entries: z.number().int(),
  firstBroken: z.number().int().nullable(),
  newestHash: z.string(),
});
