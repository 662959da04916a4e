import { z } from 'zod';
import { Flag, field, Id, type Shape, text } from './shape.ts';
import { SurveyQuestion } from './surveys.ts';

/** What comes first: 1 is high, 2 usual, 3 low. */
export const Priority = z.int('Enter 1, 2 or 3.').min(1, 'Enter 1, 2 or 3.').max(3, 'Enter 1, 2 or 3.');
export const usualPriority = 2;

/** Names in parameters of programs, so that they need no quoting anywhere. */
const ParameterName = text(64, 1).regex(/^[a-zA-Z0-9_-]+$/, 'Use letters, digits, _ and - only.');

/** What customers choose between when they ask for support. */
export const supportIssue: Shape = {
  name: 'SupportIssue',
  one: 'Support issue',
  many: 'Support issues',
  label: 'code_name',
  required: ['description'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    description: field(text(255, 1), 'Description', 'What customers choose.'),
    code_name: field(ParameterName, 'Code name', 'For programs. Left out: made from the description.'),
    team_id: field(Id.nullable(), 'Team', 'Whose queue it leads to. Empty: the general queue.', { default: null }),
    priority: field(Priority, 'Priority', '1 is high, 2 usual, 3 low.', { default: usualPriority }),
  },
};

/** What programs and representatives may note about a session. */
export const customField: Shape = {
  name: 'CustomField',
  one: 'Custom field',
  many: 'Custom fields',
  label: 'display_name',
  required: ['display_name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    display_name: field(text(255, 1), 'Name', 'As representatives see it.'),
    code_name: field(ParameterName, 'Code name', 'For programs. Left out: made from the name.'),
    shown_in_console: field(Flag, 'In the console', 'Representatives see it in a session.', { default: true }),
  },
};

const When = z.iso.datetime();
export const Lsid = z.string().regex(/^[0-9a-f]{32}$/i, 'This is no id of a session.');
/** Made by the page: 32 hexadecimal digits. */
export const ConsoleId = z.string().regex(/^[0-9a-f]{32}$/, 'Make 32 hexadecimal digits.');
export const Status = z.enum(['available', 'busy', 'away']);
export type Status = z.output<typeof Status>;
/** `general`, `rep:7`, `team:3`, `rep_username:anna` or `issue:printer`. */
const QueueName = text(300, 1);

export const SupportSession = z.object({
  lsid: z.string(),
  state: z.enum(['waiting', 'active', 'ended']),
  queue: z.string(),
  issue: z.string().nullable(),
  priority: z.int(),
  externalKey: z.string(),
  attributes: z.record(z.string(), z.string()),
  customer: z.string(),
  /** The `gsnumber` of the representative whose session it is. */
  owner: z.int().nullable(),
  beganAt: When,
  waitingSince: When.nullable(),
  /** In queues, without the one it waits in now. */
  waitedSeconds: z.int(),
  endedAt: When.nullable(),
  endReason: z.string().nullable(),
  /** The Jump Client whose machine is the customer's side; null: a person is. */
  jumpClientId: z.int().nullable(),
});

const SupportParticipant = z.object({
  gsnumber: z.int(),
  kind: z.enum(['representative', 'customer']),
  userId: z.int().nullable(),
  username: z.string(),
  name: z.string(),
  company: z.string(),
  issue: z.string(),
  hostname: z.string(),
  operatingSystem: z.string(),
  address: z.string(),
  joinedAt: When,
  leftAt: When.nullable(),
});
const SupportEvent = z.object({
  seq: z.int(),
  at: When,
  type: z.string(),
  performedBy: z.int().nullable(),
  body: z.record(z.string(), z.unknown()),
});

/** GET /api/support-sessions/:lsid (system administrator): the first thousand events, or those after a number. */
export const SupportSessionQuery = z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647).default(0) });
export const WholeSupportSession = SupportSession.extend({
  participants: z.array(SupportParticipant),
  events: z.array(SupportEvent),
});

/** POST /api/support/session-keys: `ttl` in seconds; left out, as the options say. */
export const SessionKeyInput = z.strictObject({
  queue: QueueName,
  ttl: z.int('Enter a whole number.').min(60, 'Enter at least 60.').max(31_536_000).optional(),
  mostUses: z.int('Enter a whole number.').min(1).max(1_000).optional(),
  priority: Priority.optional(),
  externalKey: text(1_024).optional(),
  attributes: z.record(text(64, 1), text(1_024)).optional(),
  /** Of the customer, whom the invitation is sent to as well. */
  email: z.email('Enter an address like name@example.com.').max(254).optional(),
});
/** The only answer that holds the key. */
export const NewSessionKey = z.object({
  id: Id,
  key: z.string(),
  url: z.string(),
  expiresAt: When,
  subject: z.string(),
  body: z.string(),
  /** The mail to the customer, whose state `gatehouse site mail list` tells; null: none was wanted. */
  mailId: z.uuid().nullable(),
});

/** PUT /api/support/consoles/:clientId, every thirty seconds; a status changes it. */
export const ConsoleInput = z.strictObject({ status: Status.optional() });
export const ConsoleAnswer = z.object({
  status: Status,
  sessions: z.int(),
  rights: z.object({
    makeKeys: z.boolean(),
    takeGeneral: z.boolean(),
    takeTeams: z.boolean(),
    transferAnywhere: z.boolean(),
    end: z.boolean(),
  }),
});

/** GET /api/support/sessions: what waits where they may take it is in the order it should be taken. */
export const MySupportSessions = z.object({
  mine: z.array(SupportSession),
  /** Of others, which they may join. */
  invited: z.array(SupportSession),
  items: z.array(SupportSession),
});
export const TransferInput = z.strictObject({ queue: QueueName });

/** A machine with a Jump Client that a customer is asked for, or lends to their session. */
export const LentMachine = z.object({
  /** Which question the customer answers. */
  ask: z.uuid(),
  clientId: z.int(),
  name: z.string(),
  hostname: z.string(),
  /** A `gsnumber`. */
  askedBy: z.int(),
  isLent: z.boolean(),
});
export type LentMachine = z.output<typeof LentMachine>;

/** GET /api/support/sessions/:lsid: as whom they were in it last; null: never yet. */
export const OwnSupportSession = WholeSupportSession.extend({
  you: z.int().nullable(),
  /** Null: none is asked for, or lent. */
  machine: LentMachine.nullable(),
  maySendFiles: z.boolean(),
  /** What they are asked at the end; empty once it was answered. */
  survey: z.array(SurveyQuestion),
});

/** POST …/notes */
export const NoteInput = z.strictObject({ text: text(10_000, 1) });
/** PATCH …/attributes: by code name; `external_key` is the key of the ticket. What is not named stays. */
export const AttributesInput = z.strictObject({ attributes: z.record(text(64, 1), text(1_024)) });
/** POST …/invite */
export const InviteInput = z.strictObject({ userId: Id });

/** GET /api/support/people: whom a session can be given to, or invited to it. */
export const SupportPeople = z.object({
  general: z.boolean(),
  teams: z.array(z.object({ id: Id, name: z.string(), isAvailable: z.boolean() })),
  representatives: z.array(z.object({ userId: Id, name: z.string(), username: z.string(), status: Status })),
});

/** Sentences that representatives do not write anew each time. */
export const cannedMessage: Shape = {
  name: 'CannedMessage',
  one: 'Canned message',
  many: 'Canned messages',
  label: 'title',
  required: ['title', 'message'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    title: field(text(255, 1), 'Title', 'As representatives find it.'),
    message: field(text(4_000, 1), 'Message', 'What the customer is told.', { format: 'textarea' }),
    team_id: field(Id.nullable(), 'Team', 'Whose it is. Empty: everybody’s.', { default: null }),
  },
};
/** GET /api/support/fields: custom fields that are shown in the console. */
export const ConsoleFields = z.object({ items: z.array(z.object({ codeName: z.string(), name: z.string() })) });

/** GET /api/support/canned-messages: those a representative has. */
export const CannedMessages = z.object({
  items: z.array(z.object({ id: Id, title: z.string(), message: z.string() })),
});
