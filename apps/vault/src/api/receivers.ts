import { z } from 'zod';
import { Name, When } from './words.ts';

export const receiverTransports = ['udp', 'tcp', 'tls'] as const;
/** What the message of a line of syslog is. */
export const receiverFormats = ['syslog', 'cef', 'json'] as const;
export const receiverHealths = ['connected', 'failed', 'waiting', 'paused'] as const;

const Host = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$|^[0-9a-fA-F:]{2,39}$/,
    'Write a host name or an address, such as siem.example.com.',
  );
const shape = {
  name: Name,
  transport: z.enum(receiverTransports),
  host: Host,
  port: z.number().int().min(1, 'A port is 1 to 65535.').max(65_535, 'A port is 1 to 65535.'),
  format: z.enum(receiverFormats),
  /** Of TLS: the only authorities that are trusted, in PEM form; null: those of this machine. */
  certificateAuthorities: z.string().trim().max(100_000).nullable(),
  enabled: z.boolean(),
};

/**
 * GET /api/audit/receivers → list(Receiver); POST /api/audit/receivers ReceiverInput → Receiver;
 * POST /api/audit/receivers/try ReceiverTry → ReceiverTrial; GET, PATCH, DELETE /api/audit/receivers/:receiverId; POST
 * /api/audit/receivers/:receiverId/test → ReceiverTrial (all system-administrator)
 */
export const ReceiverInput = z.strictObject({
  ...shape,
  format: shape.format.default('syslog'),
  certificateAuthorities: shape.certificateAuthorities.default(null),
  enabled: shape.enabled.default(true),
  /** Whether it gets every entry that there is, or those from now on. */
  begin: z.enum(['first', 'now']).default('now'),
});
export const ReceiverChange = z.strictObject(shape).partial();
export const Receiver = z.object({
  receiverId: z.uuid(),
  ...shape,
  name: z.string(),
  host: z.string(),
  health: z.enum(receiverHealths),
  /** What to do about it, while it is `failed`. */
  advice: z.string().nullable(),
  /** Number of the newest entry that it has. */
  acknowledgedSeq: z.number().int(),
  acknowledgedAt: When.nullable(),
  /** Entries that it does not have yet. */
  behind: z.number().int(),
  nextAttemptAt: When.nullable(),
});
export const ReceiverTrial = z.object({ works: z.boolean(), message: z.string() });
