import { type FaultKind, faults, type SignedRelease } from '@gatehouse/kernel';
import { z } from 'zod';

/**
 * Where the server answers collectors. Everything but `register` is signed with the key of the device. `register` and
 * `hello` send `application/json`, `batches` what `packBatch` made as `application/gzip`; a body is signed as it travels.
 */
export const ingestPaths = {
  register: '/api/collector/register',
  hello: '/api/collector/hello',
  batches: '/api/collector/batches',
  /** GET: the manifest of the newest release; `/api/collector/release/:file` its files. */
  release: '/api/collector/release',
} as const;

const name = z.string().min(1).max(253);
const version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/);
const publicKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const kinds = Object.keys(faults) as [FaultKind, ...FaultKind[]];
const Fault = z.strictObject({ kind: z.enum(kinds), advice: z.string().max(2_000) });
const Caveat = z.strictObject({ code: z.string().max(100), advice: z.string().max(2_000) });
/** As `collectedStream` names it, here and in batches. */
const stream = z.string().regex(/^[a-z0-9-]{1,80}$/);

/** Exchanges the installation key, which works once, for the right to sign with a key that never leaves the device. */
export const Registration = z.strictObject({
  installationKey: z.string().min(20).max(200),
  /** 32 bytes of Ed25519, in base64. */
  publicKey,
  host: name,
  version,
  platform: z.string().max(100),
});
export type Registration = z.output<typeof Registration>;

export const Registered = z.object({
  collectorId: z.uuid(),
  /** What its connection is called. */
  name: z.string(),
  /** The key that signs releases; one that another key signed is not installed. */
  releaseKey: publicKey,
});
export type Registered = z.output<typeof Registered>;

/** A system that a collector can read: a domain by its SID, a Password Safe by its address. */
export const Source = z.strictObject({
  kind: z.enum(['active-directory', 'password-safe']),
  id: z.string().min(1).max(300),
  /** What people call it: `corp.example`. */
  name,
});
export type Source = z.output<typeof Source>;

/** Sent every minute or so, and whenever something changed: how the collector is. */
export const Hello = z.strictObject({
  host: name,
  version,
  platform: z.string().max(100),
  startedAt: z.iso.datetime(),
  /** The device's own clock, not corrected: the server says when it is wrong. */
  now: z.iso.datetime(),
  /** At most one of each kind is read by one collector; of several the first counts. */
  sources: z.array(Source).max(20),
  /** What testing the sources ended with. */
  check: z.strictObject({ fault: Fault.nullable(), caveats: z.array(Caveat).max(100) }).nullable(),
  streams: z
    .array(
      z.strictObject({
        stream,
        source: z.string().max(300),
        state: z.enum(['idle', 'reading', 'waiting']),
        readAt: z.iso.datetime().nullable(),
        nextAt: z.iso.datetime().nullable(),
      }),
    )
    .max(200),
  spool: z.strictObject({
    batches: z.number().int().min(0),
    bytes: z.number().int().min(0),
    mostBytes: z.number().int().min(0),
    /** What had to be thrown away since the last hello that was answered, because the server was away for too long. */
    dropped: z
      .array(
        z.strictObject({
          stream,
          batches: z.number().int().min(1),
          from: z.iso.datetime(),
          to: z.iso.datetime(),
        }),
      )
      .max(200),
  }),
});
export type Hello = z.output<typeof Hello>;

export const HelloAnswer = z.object({
  now: z.iso.datetime(),
  /** Sources this collector may read until then; one domain is read by one collector at a time. */
  leases: z.array(z.object({ source: z.string(), until: z.iso.datetime() })),
  /** Sources that another collector reads, by the name of its connection. */
  heldBy: z.array(z.object({ source: z.string(), collector: z.string() })),
  /**
   * What the server has of each stream of the leased sources; a collector that stands elsewhere begins that stream anew,
   * and so it does where a stream is missing, of which the server has nothing.
   */
  places: z.array(z.object({ stream, generation: z.number().int(), next: z.number().int() })),
  /** Streams that a person wants to be read now; repeated until a hello says that one is being read, or was. */
  runNow: z.array(stream),
  /** Milliseconds until the next hello. */
  everyMs: z.number().int().min(100),
  /** The version that is offered; null: none. */
  offers: version.nullable(),
});
export type HelloAnswer = z.output<typeof HelloAnswer>;

/** The answer to a batch. `known`: it was stored before, by this request or an earlier one. */
export const BatchAnswer = z.object({ state: z.enum(['stored', 'known']) });

/** Codes of refusals (the last part of the problem's `type`) that a collector acts on. */
export const refusals = {
  /** 401 to `register`: the key is missing, wrong, expired or used. Which one is not said. */
  key: 'installation-key',
  /** 401: no signature of a device that is known, or not over this message. */
  signature: 'not-recognised',
  /** 401: the nonce is not larger than the last one, or `created` is off. The answer's `Date` is the server's time. */
  stale: 'stale',
  /** 403: the connection is turned off. Stop sending; say hello now and then. */
  off: 'turned-off',
  /** 409 to a batch: another collector reads this source now. Its batches are of no use any more; say hello. */
  lease: 'not-leased',
  /** 409 to a batch that does not follow the last one: see `OutOfOrder`. */
  order: 'out-of-order',
  /** 410: the connection was deleted. Stop for good. */
  removed: 'removed',
  /** 503 with `Retry-After`: more is waiting than the server keeps. The batch stays in the spool. */
  full: 'inbox-full',
} as const;

/** The problem of a batch that does not follow the last one says where the stream stands; null: nothing was stored. */
export const OutOfOrder = z.object({
  place: z.object({ generation: z.number().int(), next: z.number().int() }).nullable(),
});

/** The file of a release that Node.js starts. */
export const releaseProgram = 'collector.mjs';

/** `manifest` is JSON; the signature (Ed25519, base64) is over its very characters. */
export const SignedManifest = z.strictObject({
  manifest: z.string().max(10_000),
  signature: z.string().max(200),
}) satisfies z.ZodType<SignedRelease>;
