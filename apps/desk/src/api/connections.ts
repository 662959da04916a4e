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
  /** The team, queue or project that the ticket is in, by its name. */
  z.strictObject({ to: z.literal('group') }),
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

/** Without what is taken where something is left out, which a change must not do. */
const shape = {
  name: z.string().trim().min(1, 'Enter a name.').max(120),
  /** The adapter. */
  desk: z.string().min(1).max(60),
  siteId: z.uuid('Choose a site.'),
  /** Of the adapter; checked by its own schema. */
  settings: z.record(z.string().max(100), z.unknown()),
  /** Where events may come from. */
  senders: z.array(Sender).min(1, 'Name at least one host that events may come from.').max(50),
  assignment: Assignment,
  /** How long a key is valid. */
  keySeconds: z.int().min(60).max(31_536_000),
  /** Sessions that were not started from a ticket. */
  unstarted: z.enum(['ignore', 'attach', 'create']),
  /** The report of a session in Liquid and HTML; empty: the usual one. */
  template: z.string().max(100_000),
  /** Regular expressions of what is blacked out in chats and notes, beside the usual ones. */
  redact: z.array(z.string().min(1).max(500)).max(50),
  /** The mail with a session key, in Liquid and plain text; empty: as the site words it. */
  mailSubject: z.string().max(300),
  mailTemplate: z.string().max(20_000),
  /** Customers are sent what was said once a session is over. */
  transcripts: z.boolean(),
  /** Where a ticket goes when its session has ended, in the words of its desk; empty: it stays where it is. */
  endStatus: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\p{Cc}]*$/u, 'Write it without control characters.'),
  enabled: z.boolean(),
};
export const ConnectionInput = z.strictObject({
  ...shape,
  assignment: shape.assignment.default({ to: 'me' }),
  keySeconds: shape.keySeconds.default(86_400),
  unstarted: shape.unstarted.default('attach'),
  template: shape.template.default(''),
  redact: shape.redact.default([]),
  mailSubject: shape.mailSubject.default(''),
  mailTemplate: shape.mailTemplate.default(''),
  transcripts: shape.transcripts.default(false),
  endStatus: shape.endStatus.default(''),
  enabled: shape.enabled.default(true),
});
/** POST /api/mail-templates/preview: what comes of templates, with a sample ticket. */
export const MailPreviewInput = ConnectionInput.pick({ mailSubject: true, mailTemplate: true });
export const MailPreview = z.object({ subject: z.string(), body: z.string(), problem: z.string().nullable() });
/** PATCH /api/connections/:connectionId: what is left out stays. */
export const ConnectionChange = z.strictObject(shape).omit({ desk: true }).partial();

/** POST /api/connections/:connectionId/test: of what is in a form; without settings, of what is saved. */
export const ConnectionTestInput = z.strictObject({ settings: shape.settings.optional() }).nullish();
/** POST /api/connections/test: of one that is not added yet. */
export const NewConnectionTestInput = z.strictObject({ desk: shape.desk, settings: shape.settings });

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
  mailSubject: z.string(),
  mailTemplate: z.string(),
  transcripts: z.boolean(),
  endStatus: z.string(),
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
