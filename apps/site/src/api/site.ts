import { z } from 'zod';
import { OutboundSummary } from './outbound-events.ts';
import { IdleSeconds } from './permissions.ts';
import { Flag, field, text } from './shape.ts';

const When = z.iso.datetime();

const KeySeconds = z
  .int('Enter a whole number.')
  .min(60, 'Enter at least 60.')
  .max(31_536_000, 'Enter at most a year.');

const FileTypes = z
  .array(text(40, 1).regex(/^[a-z0-9_+-]+$/, 'Write extensions in small letters, without the dot.'))
  .max(200, 'Name at most 200 types.');

/** GET, PATCH /api/options (system administrator) */
export const Options = z.object({
  /** Tokens, the Configuration API and every other API of programs. */
  enableXmlApi: z.boolean(),
  allowEcmConnections: z.boolean(),
  company: field(text(120, 1).trim(), 'Company', 'As programs are told who this is, and customers, too.'),
  /** Idle limit of sessions of those whose group policy leaves it to the site; 0: none. */
  sessionIdleSeconds: IdleSeconds.min(0, 'Choose a time, or 0 for never.'),
  /** Programs differ in what they accept. */
  xmlNamespace: field(
    text(200, 1).regex(/^https?:\/\/[^\s<>"'&]+[^\s<>"'&/]$/, 'Enter an address without a slash at its end.'),
    'Namespace of XML',
    'What answers of the Command API and the Reporting API are in, without the name of the API.',
  ),
  sessionKeySeconds: field(KeySeconds, 'Keys are valid for', 'Seconds, where whoever makes one says nothing else.', {
    format: 'seconds',
  }),
  sessionKeyMostSeconds: field(KeySeconds, 'And at most for', 'Seconds that anybody may choose.', {
    format: 'seconds',
  }),
  sessionKeyMailSubject: field(
    text(200, 1).regex(/^[^\r\n]*$/, 'Enter one line.'),
    'Subject of the invitation',
    'Of the mail that a representative sends with a key.',
  ),
  sessionKeyMailBody: field(text(10_000, 1), 'Invitation', '`{url}`, `{key}` and `{expires}` are filled in.', {
    format: 'textarea',
  }),
  portalName: field(text(120).trim(), 'Name', 'What customers read above the portal. Empty: the company.'),
  portalGeneralQueue: field(
    Flag,
    'Customers may come without a key',
    'To the general queue, while somebody takes sessions from it. Issues are offered in any case.',
  ),
  portalAgreement: field(
    text(4_000).trim(),
    'Agreement',
    'What customers must agree to before a session begins. Empty: they are asked nothing.',
    { format: 'textarea' },
  ),
  customersShareScreens: field(
    Flag,
    'Customers may share their screen',
    'They choose what to show, and stop any time.',
  ),
  recordScreens: field(Flag, 'Shared screens are recorded', 'Customers are told. Recordings are kept encrypted.'),
  customersSendFiles: field(Flag, 'Customers may send files', 'To everybody in the session.'),
  representativesSendFiles: field(Flag, 'Representatives may send files', 'To everybody in the session.'),
  fileMostBytes: field(
    z.int('Enter a whole number of bytes.').min(0).max(17_179_869_184, 'Enter at most 17,179,869,184.'),
    'Largest file',
    'In bytes.',
    { format: 'bytes' },
  ),
  fileAllowedTypes: field(
    FileTypes,
    'Types that are allowed',
    'Extensions such as `pdf`; what is in a file must be of such a type, too. Empty: all but those that are refused.',
  ),
  fileRefusedTypes: field(
    FileTypes,
    'Types that are refused',
    'Extensions such as `exe`, by the name of a file and by what is in it.',
  ),
});
export const OptionsInput = Options.partial().strict();
export type Options = z.output<typeof Options>;

/** An ECM that is connected. */
const EcmClient = z.object({
  name: z.string(),
  version: z.string(),
  /** Its vault's plugin; null: none is set up. */
  plugin: z.string().nullable(),
  /** The name of its API account. */
  account: z.string(),
  address: z.string(),
  connectedAt: When,
  requests: z.int(),
  lastError: z.string().nullable(),
});
/** An ECM that was not let in. */
export const EcmRefusal = z.object({ at: When, account: z.string(), address: z.string(), reason: z.string() });

/** GET /api/ecm-clients (system administrator): the one connected longest first; the newest refusal first. */
export const EcmClients = z.object({ items: z.array(EcmClient), next: z.null(), refused: z.array(EcmRefusal) });

/** GET /api/status (system administrator) */
export const Status = z.object({
  version: z.string(),
  startedAt: When,
  now: When,
  healthy: z.boolean(),
  parts: z.array(z.object({ part: z.string(), ready: z.boolean() })),
  counts: z.object({
    users: z.int(),
    groupPolicies: z.int(),
    jumpGroups: z.int(),
    jumpItems: z.int(),
    apiAccounts: z.int(),
  }),
  ecmClients: z.array(EcmClient),
  /** The last ten of the last day. */
  ecmRefused: z.array(EcmRefusal),
  outboundEvents: OutboundSummary,
});

/** GET /api/audit (system administrator), newest first */
export const AuditQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: text(200).trim().optional(),
});
export const AuditEntry = z.object({
  id: z.string(),
  at: When,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  correlationId: z.string(),
  change: z.record(z.string(), z.unknown()),
});

/** Lists of objects: `cursor` is the last answer's `next`; `search` looks into names and addresses. */
export const ListQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,10}$/, 'This cursor belongs to another list. Start at the first page.')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: text(200).trim().optional(),
});
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    total: z.object({ value: z.number().int(), exact: z.boolean() }),
  });
