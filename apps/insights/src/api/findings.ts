import { z } from 'zod';
import { Link } from './inventory.ts';
import { ListQuery, Severity, When } from './words.ts';

export const findingStates = ['new', 'in_progress', 'resolved', 'accepted'] as const;

/** GET /api/tenants/:tenantId/recommendations (reader) → Recommendation[]: every rule with what it found. */
export const Recommendation = z.object({
  ruleId: z.string(),
  /** Row of the catalogue, for example O02. */
  catalogue: z.string(),
  title: z.string(),
  summary: z.string(),
  why: z.string(),
  kind: z.enum(['recommendation', 'path']),
  connectors: z.array(z.string()),
  severity: Severity,
  mitre: z.array(z.object({ id: z.string(), name: z.string(), url: z.string() })),
  remediation: z.array(z.string()),
  /** Open findings; `accepted` and `resolved` are counted apart. */
  open: z.number().int(),
  accepted: z.number().int(),
  resolved: z.number().int(),
  worst: Severity.nullable(),
  state: z.enum(['found', 'clear', 'blind']),
  /** Why it cannot see, per connection. A rule can be blind on one connection and find on another. */
  blind: z.array(z.object({ connectionId: z.string().nullable(), connectionName: z.string(), reason: z.string() })),
  evaluatedAt: When.nullable(),
});
/** One fact that made the finding true. */
export const Evidence = z.object({
  fact: z.string(),
  value: z.string(),
  readAt: When.nullable(),
  source: Link.nullable(),
});
export const Finding = z.object({
  findingId: z.uuid(),
  ruleId: z.string(),
  title: z.string(),
  kind: z.enum(['recommendation', 'path']),
  subject: Link,
  connectionName: z.string(),
  connector: z.string(),
  severity: Severity,
  /** The privilege of what it is about. */
  sensitivity: z.string(),
  status: z.enum(findingStates),
  firstSeenAt: When,
  lastSeenAt: When,
  resolvedAt: When.nullable(),
  owner: z.string().nullable(),
  acceptedUntil: When.nullable(),
  acceptedReason: z.string().nullable(),
});

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** GET …/findings (reader) → list(Finding); GET …/findings/export.csv */
export const FindingQuery = ListQuery.extend({
  rule: z.string().max(100).optional(),
  severity: z.string().max(60).optional(),
  status: z.string().max(60).optional(),
  /** Ids of connections with commas between them. */
  connection: z
    .string()
    .regex(new RegExp(`^${uuid}(,${uuid})*$`, 'i'), 'Ids of connections, with commas between them.')
    .optional(),
  search: z.string().trim().max(200).optional(),
  sort: z
    .enum(['-severity', 'severity', '-firstSeenAt', 'firstSeenAt', '-lastSeenAt', 'lastSeenAt'])
    .default('-severity'),
});
/** GET …/findings/:findingId (reader) → FindingDetail */
export const FindingDetail = Finding.extend({
  summary: z.string(),
  why: z.string(),
  evidence: z.array(Evidence),
  remediation: z.array(z.string()),
  mitre: Recommendation.shape.mitre,
  history: z.array(z.object({ at: When, by: z.string(), text: z.string() })),
});
/** PATCH …/findings (analyst): one or many at once. Accepting needs owner, reason and expiry. */
export const FindingChange = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('new'),
    findingIds: z.array(z.uuid()).min(1).max(500),
    comment: z.string().max(2_000).optional(),
  }),
  z.strictObject({
    status: z.literal('in_progress'),
    findingIds: z.array(z.uuid()).min(1).max(500),
    comment: z.string().max(2_000).optional(),
  }),
  z.strictObject({
    status: z.literal('accepted'),
    findingIds: z.array(z.uuid()).min(1).max(500),
    owner: z.string().trim().min(1, 'Say who owns this risk.').max(200),
    reason: z.string().trim().min(1, 'Say why it is accepted.').max(2_000),
    expiresAt: When,
  }),
]);

/** GET …/dashboard (reader). `href` is a path of the pages, the list behind the number. */
const Tile = z.object({ value: z.number().int(), href: z.string() });
export const Dashboard = z.object({
  identities: Tile,
  accounts: Tile,
  /** `days` is what an account went unused for when this was counted: the tenant's setting. */
  dormant: Tile.extend({ days: z.number().int() }),
  privileged: Tile,
  privilegedWithoutStrongMfa: Tile,
  openFindings: Tile,
  acceptedFindings: Tile,
  blindRules: Tile,
  findingsOverTime: z.array(
    z.object({ day: z.string(), critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
  ),
  topIdentities: z.array(
    z.object({
      identityId: z.string(),
      name: z.string(),
      accounts: z.number(),
      privilege: z.string(),
      findings: z.number(),
      href: z.string(),
    }),
  ),
  connections: z.array(
    z.object({
      connectionId: z.string(),
      name: z.string(),
      connectorName: z.string(),
      connectivity: z.string(),
      lastUpdateAt: When.nullable(),
      href: z.string(),
    }),
  ),
  changes: z.array(z.object({ at: When, kind: z.string(), text: z.string(), href: z.string() })),
});
