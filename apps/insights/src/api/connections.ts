import { z } from 'zod';
import { Installation } from './collectors.ts';
import { Name, When } from './words.ts';

/** GET /api/connectors (signed-in): what can be connected. */
export const AvailableConnector = z.object({
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  /** The program that is installed near the system, where one is: it is added with an installation key. */
  agent: z.string().nullable(),
  /** JSON Schema of the settings; `writeOnly` marks a secret. */
  schema: z.record(z.string(), z.unknown()),
  setup: z.array(
    z.object({
      title: z.string(),
      text: z.array(z.string()),
      links: z.array(z.object({ title: z.string(), url: z.string() })),
      settings: z.array(z.string()),
      showsEgress: z.boolean(),
    }),
  ),
  streams: z.array(
    z.object({ id: z.string(), title: z.string(), record: z.string(), needs: z.string(), everyMs: z.number() }),
  ),
});
/** GET /api/egress (signed-in): the addresses from which pulls leave (a setting of the server). */
export const Egress = z.object({ addresses: z.array(z.string()) });

export const connectivities = ['connected', 'warning', 'failed', 'off', 'pending', 'not_checked'] as const;
export const FaultWords = z.object({
  kind: z.enum(['misconfigured', 'unauthorized', 'forbidden', 'unsupported', 'throttled', 'unreachable', 'unexpected']),
  /** What happened: one sentence. */
  happened: z.string(),
  /** What it means for the data. */
  means: z.string(),
  /** What to do about it. */
  advice: z.string(),
});

/** GET /api/tenants/:tenantId/connections (reader) → Connection[]; GET …/:connectionId → ConnectionDetail */
export const Connection = z.object({
  connectionId: z.uuid(),
  connector: z.string(),
  connectorName: z.string(),
  name: z.string(),
  /** What it points at, for example acme.okta.com. */
  point: z.string(),
  /** `pending` is "Pending Agent Registration"; `not_checked` until the first run ends. */
  connectivity: z.enum(connectivities),
  status: z.enum(['on', 'off']),
  /** The newest run or change of settings. */
  lastActivityAt: When.nullable(),
  /** The last time the inventory was brought up to date. */
  lastUpdateAt: When.nullable(),
  runningRunId: z.uuid().nullable(),
  /** The program that reads it and reports; such a connection cannot be turned off or tested from here. */
  agent: z.string().nullable(),
});
export const StreamStatus = z.object({
  stream: z.string(),
  title: z.string(),
  record: z.string(),
  needs: z.string(),
  health: z.enum(['connected', 'warning', 'failed', 'unsupported', 'not_checked']),
  advice: z.string().nullable(),
  records: z.number().int(),
  lastReadAt: When.nullable(),
  nextReadAt: When.nullable(),
  everyMs: z.number(),
});
export const ConnectionDetail = Connection.extend({
  /** Settings as they are, secrets as `{ isSet: true }`. */
  settings: z.record(z.string(), z.unknown()),
  streams: z.array(StreamStatus),
  caveats: z.array(z.object({ code: z.string(), advice: z.string() })),
  createdAt: When,
  nextRunAt: When.nullable(),
  /** How many inventory records deleting it would delete. */
  records: z.number().int(),
});
/** The answer to its creation: with the key for its agent, where it has one. */
export const NewConnection = ConnectionDetail.extend({ installation: Installation.nullable() });
/** POST /api/tenants/:tenantId/connections (administrator) → NewConnection (201) and starts a first run */
export const ConnectionInput = z.strictObject({
  connector: z.string(),
  name: Name,
  settings: z.record(z.string(), z.unknown()),
});
/** PATCH …/:connectionId (administrator): a secret left out keeps its value. DELETE …/:connectionId (administrator) → 204 */
export const ConnectionChange = z.strictObject({
  name: Name.optional(),
  enabled: z.boolean().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});
/** POST /api/tenants/:tenantId/connections/test (administrator): secrets left out come from `connectionId`, whose activity tells of it. */
export const TestInput = z.strictObject({
  connector: z.string(),
  settings: z.record(z.string(), z.unknown()),
  connectionId: z.uuid().optional(),
});
export const TestResult = z.object({
  health: z.enum(['connected', 'warning', 'failed']),
  fault: FaultWords.nullable(),
  /** Words about a value that was mended on the way, for example a domain without its `-admin`. */
  notes: z.array(z.string()),
  caveats: z.array(z.object({ code: z.string(), advice: z.string() })),
  streams: z.array(z.object({ stream: z.string(), title: z.string(), ok: z.boolean(), advice: z.string().nullable() })),
});

export const runStates = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export const RunStream = z.object({
  stream: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  pages: z.number().int(),
  records: z.number().int(),
  inserted: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  gone: z.number().int(),
  total: z.number().int().nullable(),
  fault: FaultWords.nullable(),
});
/**
 * GET …/:connectionId/runs (reader) → list(Run); POST …/:connectionId/runs (analyst) RunInput → Run (202);
 * GET …/runs/:runId; POST …/runs/:runId/cancel (analyst) → Run.
 * GET …/:connectionId/progress (reader): server-sent events, each `data:` a Run; the newest run first, then on change, at most 4 a second.
 */
export const Run = z.object({
  runId: z.uuid(),
  connectionId: z.uuid(),
  reason: z.enum(['schedule', 'manual', 'created', 'settings', 'resume']),
  state: z.enum(runStates),
  queuedAt: When,
  startedAt: When.nullable(),
  endedAt: When.nullable(),
  streams: z.array(RunStream),
  /** Records per second over the last seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  waiting: z.object({ text: z.string(), until: When }).nullable(),
  /** What happens after reading: null while reading. */
  stage: z.enum(['reading', 'correlating', 'evaluating', 'done']),
});
export const RunInput = z.strictObject({ streams: z.array(z.string()).optional() });

/** GET …/:connectionId/activity (reader) → list(Activity), newest first */
export const Activity = z.object({
  id: z.string(),
  at: When,
  kind: z.enum([
    'created',
    'renamed',
    'settings',
    'turned_on',
    'turned_off',
    'run',
    'check',
    'fault',
    'recovered',
    'collector',
  ]),
  title: z.string(),
  actor: z.string().nullable(),
  health: z.enum(['connected', 'warning', 'failed']).nullable(),
  stream: z.string().nullable(),
  fault: FaultWords.nullable(),
  runId: z.uuid().nullable(),
});
