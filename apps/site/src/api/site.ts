import { z } from 'zod';
import { OutboundSummary } from './outbound-events.ts';
import { IdleSeconds } from './permissions.ts';
import { text } from './shape.ts';

const When = z.iso.datetime();

const KeySeconds = z
  .int('Enter a whole number.')
  .min(60, 'Enter at least 60.')
  .max(31_536_000, 'Enter at most a year.');

/** GET, PATCH /api/options (system administrator) */
export const Options = z.object({
  /** Tokens, the Configuration API and every other API of programs. */
  enableXmlApi: z.boolean(),
  allowEcmConnections: z.boolean(),
  /** As programs are told who we are. */
  company: text(120, 1).trim(),
  /** Idle limit of sessions of those whose group policy leaves it to the site; 0: none. */
  sessionIdleSeconds: IdleSeconds.min(0, 'Choose a time, or 0 for never.'),
  /** What answers of the XML APIs are in, without the name of the API: programs differ in what they accept. */
  xmlNamespace: text(200, 1).regex(
    /^https?:\/\/[^\s<>"'&]+[^\s<>"'&/]$/,
    'Enter an address without a slash at its end.',
  ),
  /** How long a session key is valid where nothing is said, and at most. */
  sessionKeySeconds: KeySeconds,
  sessionKeyMostSeconds: KeySeconds,
  sessionKeyMailSubject: text(200, 1).regex(/^[^\r\n]*$/, 'Enter one line.'),
  /** `{url}`, `{key}` and `{expires}` are filled in. */
  sessionKeyMailBody: text(10_000, 1),
  /** Customers may come to the general queue by themselves. */
  portalGeneralQueue: z.boolean(),
  /** What customers agree to before a session; empty: nothing is asked. */
  portalAgreement: text(4_000).trim(),
  /** Of files in support sessions. */
  fileMostBytes: z.int('Enter a whole number of bytes.').min(0).max(17_179_869_184, 'Enter at most 17,179,869,184.'),
  /** Extensions such as `exe`; 0 to 200 of them. */
  fileRefusedTypes: z
    .array(text(40, 1).regex(/^[a-z0-9_+-]+$/, 'Write extensions in small letters, without the dot.'))
    .max(200, 'Name at most 200 types.'),
  /** Screens that customers share are recorded. */
  recordScreens: z.boolean(),
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
