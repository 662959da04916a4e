import { isMailAddress } from '@gatehouse/host';
import { z } from 'zod';

const When = z.iso.datetime();

/** GET /api/mail: secrets as `{ isSet: true }`. */
export const MailAnswer = z.object({
  /** Null: nothing was entered, and mail waits. */
  settings: z.record(z.string(), z.unknown()).nullable(),
  schema: z.record(z.string(), z.unknown()),
  waiting: z.int(),
  failed: z.int(),
  /** What is to be done; null: nothing. */
  advice: z.string().nullable(),
});

/** PUT /api/mail: the whole; a password that is left out stays, an empty one is taken away. Checked by `MailSettings`. */
export const MailInput = z.record(z.string().max(100), z.unknown());

/** POST /api/mail/test: of what is in a form, or of what is saved; with an address a mail is sent there. */
export const MailTestInput = z.strictObject({
  settings: MailInput.optional(),
  to: z.string().trim().refine(isMailAddress, 'Enter an address like name@example.com.').optional(),
});
export const MailTestAnswer = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ id: z.string(), name: z.string(), ok: z.boolean().nullable(), sentence: z.string() })),
});

/** GET /api/mails, newest first */
export const MailsQuery = z.object({
  state: z.enum(['waiting', 'sent', 'failed']).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'This cursor belongs to another list. Start at the first page.')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const MailList = z.object({
  items: z.array(
    z.object({
      mailId: z.uuid(),
      kind: z.string(),
      about: z.string(),
      recipients: z.array(z.string()),
      subject: z.string(),
      state: z.enum(['waiting', 'sent', 'failed']),
      tries: z.int(),
      madeAt: When,
      nextTryAt: When,
      overAt: When.nullable(),
      problem: z.string(),
    }),
  ),
  next: z.string().nullable(),
});
