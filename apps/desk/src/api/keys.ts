import { z } from 'zod';
import { Assignment } from './connections.ts';

const When = z.iso.datetime();
export const OneTicket = z.object({ connectionId: z.uuid(), ticket: z.string().min(1).max(200) });

export const TicketAnswer = z.object({
  id: z.string(),
  number: z.string(),
  url: z.string(),
  subject: z.string(),
  status: z.string(),
  isOpen: z.boolean(),
  requester: z.string().nullable(),
  requesterEmail: z.string().nullable(),
  assignee: z.string().nullable(),
  connection: z.string(),
  desk: z.string(),
  /** Who sends the customer a mail: the desk itself, or this program. Null: nobody can. */
  sendsBy: z.enum(['desk', 'mail']).nullable(),
  assignment: Assignment,
  /** What Jump Clients are searched for with; null: the ticket has no field for it. */
  jumpSearch: z.string().nullable(),
});

/** POST …/preview: where the customer would wait, or why that is not clear. */
export const PreviewInput = z.strictObject({ assignment: Assignment.optional() });
export const Preview = z.object({ queue: z.string().nullable(), words: z.string() });

/** POST …/key */
export const KeyInput = z.strictObject({ assignment: Assignment.optional() });
export const KeyAnswer = z.object({
  key: z.string(),
  url: z.string(),
  expiresAt: When,
  queue: z.string(),
  words: z.string(),
  /** What became of the fields of the ticket. */
  fields: z.array(
    z.object({ field: z.string(), state: z.enum(['applied', 'denied', 'unknown']), advice: z.string().nullable() }),
  ),
  /** As the template of the connection words it. `problem`: it could not be used, so these are the usual words. */
  mail: z.object({ subject: z.string(), body: z.string(), problem: z.string().nullable() }),
});
export type KeyAnswer = z.output<typeof KeyAnswer>;

/** POST …/send: the invitation to the customer, by the desk or by mail of this program. */
export const SendInput = z.strictObject({
  subject: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(10_000),
});
export const SendAnswer = z.object({
  by: z.enum(['desk', 'mail']),
  /** Of mail of this program: its state is in the list of mail. */
  mailId: z.uuid().nullable(),
});

/** POST …/launch: a session with a Jump Client that the ticket names. */
export const LaunchInput = z.strictObject({
  /** What it is searched for with; written into the ticket where it differs. Left out: as the ticket says. */
  search: z
    .string()
    .trim()
    .min(1, 'Say which machine: a part of its name, host name, comments or tag.')
    .max(255)
    .regex(/^[^\p{Cc}]*$/u, 'Write it without control characters.')
    .optional(),
  /** The web console, or a file for the desktop console. */
  in: z.enum(['console', 'desktop']).default('console'),
});
export const LaunchAnswer = z.object({
  /** To be opened by the browser of whoever asked. */
  url: z.url(),
  /** Of a link that only they can use, once; null: whoever opens it signs in and chooses. */
  expiresAt: When.nullable(),
  search: z.string(),
  /** Null: the ticket said so already, or has no field for it. */
  saved: z.enum(['applied', 'denied', 'unknown']).nullable(),
});
