import { z } from 'zod';
import { limits } from './limits.ts';

/** Names a lease or a chain of messages: letters, digits, dot, dash and underscore. */
export const Id = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'Give 1 to 64 letters, digits, dots, dashes or underscores.');
const text = (most: number) => z.string().min(1).max(most);
const base64url = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'Give base64url without padding.');
const Window = z.int().min(1).max(limits.window);
const Millis = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** In every request: what it belongs to, and how many milliseconds whoever asks still waits. */
const asked = { correlation: Id, deadlineMs: z.int().min(1).max(limits.deadlineMs) };
const answered = { correlation: Id };

export const endpointProtocols = ['ssh', 'vnc', 'rdp', 'postgresql', 'mysql', 'mssql'] as const;

export const EcmEndpoint = z.object({
  hostname: text(253),
  address: text(64).nullable(),
  domain: text(253).nullable(),
  protocol: z.enum(endpointProtocols).optional(),
});
export type EcmEndpoint = z.output<typeof EcmEndpoint>;

const question = { person: text(320), endpoint: EcmEndpoint };

export const EcmListing = z.object({
  credential: text(500),
  kind: z.enum(['password', 'ssh-key', 'ssh-certificate']),
  username: z.string().max(256),
  label: text(500),
  needsApproval: z.boolean(),
});
export type EcmListing = z.output<typeof EcmListing>;

export const Sealed = z.object({ enc: base64url(43, 43), ciphertext: base64url(24, 120_000) });
/** What only the holder of the session's private key can read. */
export type Sealed = z.output<typeof Sealed>;

/** Every method: who calls it, what it takes, and what it answers. */
export const methods = {
  hello: {
    caller: 'ecm',
    params: z.object({
      ...asked,
      name: text(100),
      version: text(40),
      plugin: z.object({ id: text(64), name: text(100), impersonation: text(64) }).nullable(),
      protocols: z.array(z.int().min(1).max(65_535)).min(1).max(20),
      window: Window,
    }),
    result: z.object({
      ...answered,
      protocol: z.int().min(1),
      site: z.object({ name: text(253), version: text(40) }),
      window: Window,
      pingMs: z.int().min(1_000).max(120_000),
    }),
  },
  'leases.open': {
    caller: 'ecm',
    params: z.object({
      ...asked,
      leases: z
        .array(z.object({ lease: Id, state: z.enum(['asked', 'held', 'ending']), remainingMs: Millis }))
        .max(limits.leases),
      last: z.boolean(),
    }),
    result: z.object({ ...answered, live: z.array(Id).max(limits.leases) }),
  },
  'credentials.released': {
    caller: 'ecm',
    params: z.object({ ...asked, lease: Id, why: z.enum(['asked', 'expired', 'session-over']) }),
    result: z.object(answered),
  },
  'credentials.list': {
    caller: 'site',
    params: z.object({ ...asked, ...question }),
    result: z.object({ ...answered, credentials: z.array(EcmListing).max(limits.listings), truncated: z.boolean() }),
  },
  'credentials.retrieve': {
    caller: 'site',
    params: z.object({
      ...{ ...asked, ...question, lease: Id, credential: text(500) },
      publicKey: base64url(43, 43),
      reason: z.string().max(1_000),
      ticket: text(200).nullable(),
      expiresInMs: z
        .int()
        .min(1_000)
        .max(7 * 86_400_000),
    }),
    result: z.discriminatedUnion('state', [
      z.object({ ...answered, state: z.literal('ready'), sealed: Sealed }),
      z.object({ ...answered, state: z.literal('waiting'), advice: text(1_000), againMs: Millis.max(600_000) }),
    ]),
  },
  'credentials.release': {
    caller: 'site',
    params: z.object({ ...asked, lease: Id }),
    result: z.object({ ...answered, state: z.enum(['released', 'ending']) }),
  },
  'health.check': {
    caller: 'site',
    params: z.object(asked),
    result: z.object({
      ...answered,
      health: z.enum(['connected', 'warning', 'failed']),
      advice: text(1_000).nullable(),
      leases: z.int().min(0),
    }),
  },
  ping: { caller: 'both', params: z.object(asked), result: z.object(answered) },
} as const;

/** What is told and never answered; whatever else is told is ignored. */
export const notifications = {
  cancel: z.object({ correlation: Id, id: z.union([z.string().max(64), z.int()]) }),
  flow: z.object({ correlation: Id, window: Window }),
} as const;

export type Side = 'ecm' | 'site';
type Methods = typeof methods;
export type Method = keyof Methods;
/** The methods that a side calls. */
export type CalledBy<S extends Side> = { [M in Method]: Methods[M]['caller'] extends S | 'both' ? M : never }[Method];

/** What a caller gives, without what every request has. */
export type Params<M extends Method> = DistributiveOmit<z.output<Methods[M]['params']>, 'correlation' | 'deadlineMs'>;
export type Result<M extends Method> = DistributiveOmit<z.output<Methods[M]['result']>, 'correlation'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
