import { z } from 'zod';

const When = z.iso.datetime();
export const ConnectionId = z.uuid();

/** To whom a customer comes who enters the key of a ticket. */
export const Assignment = z.discriminatedUnion('to', [
  /** Whoever makes the key. */
  z.strictObject({ to: z.literal('me') }),
  /** Who works on the ticket. */
  z.strictObject({ to: z.literal('assignee') }),
  /** The person or team that a field of the ticket names. */
  z.strictObject({ to: z.literal('person-field'), field: z.string().trim().min(1).max(200) }),
  z.strictObject({ to: z.literal('team-field'), field: z.string().trim().min(1).max(200) }),
  z.strictObject({ to: z.literal('general') }),
  z.strictObject({ to: z.literal('team'), team: z.string().trim().min(1).max(200) }),
  z.strictObject({ to: z.literal('representative'), username: z.string().trim().min(1).max(200) }),
]);
export type Assignment = z.output<typeof Assignment>;

/** A host name, an address, or a network such as 10.0.0.0/8. */
const Sender = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]+(\/\d{1,3})?$/, 'Enter a host name, an address or a network.');

export const ConnectionInput = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(120),
  /** The adapter. */
  desk: z.string().min(1).max(60),
  siteId: z.uuid('Choose a site.'),
  /** Of the adapter; checked by its own schema. */
  settings: z.record(z.string().max(100), z.unknown()),
  /** Where events may come from. */
  senders: z.array(Sender).min(1, 'Name at least one host that events may come from.').max(50),
  assignment: Assignment.default({ to: 'me' }),
  /** How long a key is valid. */
  keySeconds: z.int().min(60).max(31_536_000).default(86_400),
  /** Sessions that were not started from a ticket. */
  unstarted: z.enum(['ignore', 'attach', 'create']).default('attach'),
  /** The report of a session in Liquid and HTML; empty: the usual one. */
  template: z.string().max(100_000).default(''),
  /** Regular expressions of what is blacked out in chats and notes, beside the usual ones. */
  redact: z.array(z.string().min(1).max(500)).max(50).default([]),
  enabled: z.boolean().default(true),
});
export const ConnectionChange = ConnectionInput.omit({ desk: true }).partial().strict();

export const ConnectionAnswer = z.object({
  connectionId: ConnectionId,
  name: z.string(),
  desk: z.string(),
  siteId: z.string(),
  site: z.string(),
  /** Secrets as `{ isSet: true }`. */
  settings: z.record(z.string(), z.unknown()),
  senders: z.array(z.string()),
  assignment: Assignment,
  keySeconds: z.int(),
  unstarted: z.enum(['ignore', 'attach', 'create']),
  template: z.string(),
  redact: z.array(z.string()),
  enabled: z.boolean(),
  createdAt: When,
  /** Events and sessions that need somebody. */
  dead: z.int(),
  lastEventAt: When.nullable(),
});
export const ConnectionList = z.object({ items: z.array(ConnectionAnswer), next: z.null() });
/** POST /api/connections, and …/secret: the only answers that hold the address that events are sent to. */
export const NewConnection = ConnectionAnswer.extend({ eventsUrl: z.string() });
export const NewSecret = z.object({ eventsUrl: z.string() });

/** GET /api/own-connections (technicians): those to the desk of this program itself. */
export const OwnConnections = z.object({ items: z.array(z.object({ connectionId: ConnectionId, name: z.string() })) });

/** GET /api/desks: the adapters, each with the schema of its settings. */
export const DeskList = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      summary: z.string(),
      schema: z.record(z.string(), z.unknown()),
      guide: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })),
      hasSetUp: z.boolean(),
    }),
  ),
  next: z.null(),
});
/** GET /api/connections/:connectionId/set-up */
export const SetUpAnswer = z.object({ fileName: z.string(), text: z.string(), commands: z.array(z.string()) });
