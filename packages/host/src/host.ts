import type { Clock } from '@gatehouse/kernel';
import type { z } from 'zod';
import type { EventLogs } from './event-logs/event-logs.ts';
import type { Files } from './files/files.ts';
import type { Ldap, LdapOptions } from './ldap/ldap.ts';
import type { Cursor, Page } from './page.ts';
import type { Registry } from './registry/registry.ts';
import type { Ssh, SshOptions } from './ssh/ssh.ts';

/** Everything a plugin may touch: no environment, no other network, and no files but those it is given. */
export interface Host {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  http(options: HttpOptions): Http;
  /** Throws a `misconfigured` Fault for addresses, certificates and accounts that cannot be right. */
  ldap(options: LdapOptions): Ldap;
  /** Connects and signs in; see `Ssh`. Ends with the host's signal. Throws a Fault. */
  ssh(options: SshOptions): Promise<Ssh>;
  /** Presence is capability: files of the system below one folder, where whoever made the host named one. */
  readonly files?: Files;
  /** Presence is capability: registries of other machines, where this one runs Windows. */
  readonly registry?: Registry;
  /** Presence is capability: logs of events, where whoever made the host was told of any. */
  readonly eventLogs?: EventLogs;
}

export interface HttpOptions {
  /** The only origin this client will ever talk to. A path may hold a base (`https://ghe.example/api/v3`). */
  readonly origin: string;
  /** The system's name as people know it, for "waiting for Okta's rate limit". */
  readonly system: string;
  /** Where the name of `origin` leads, checked by the caller: connects there and never looks the name up itself. */
  readonly addresses?: readonly string[];
  /** The only certificate authorities that are trusted, PEM. Default: those of Node. */
  readonly certificateAuthorities?: string;
  /** An HTTP proxy that everything goes through: `http://proxy.corp.example:3128`, with a tunnel for HTTPS. */
  readonly proxy?: string;
  /**
   * Answers are small and somebody waits for them: they come by `node:http`, uncompressed, which takes half the time of
   * `fetch`. Default false.
   */
  readonly isBrief?: boolean;
  /** Adds credentials to one request. Called again for every attempt, because proofs and tokens are per request. */
  authorize?(request: OutgoingRequest): void | Promise<void>;
  /** Names the rate-limit bucket of a request; requests of one bucket wait together. Default: one bucket. */
  bucket?(request: OutgoingRequest): string;
  /** Reads what an answer says about limits; `now` and `resetAt` are in the system's own time. Default: Retry-After, X-RateLimit-*, X-Rate-Limit-*, RateLimit (epoch or seconds). */
  limits?(answer: AnswerHead, now: Date): LimitState | null;
  /**
   * Knows a rate limit of which only the body of a refusal tells: how many milliseconds to wait where no header says so.
   * Null: the refusal is none. Default: the headers alone tell.
   */
  throttled?(refusal: Refusal): number | null;
  /** Requests that may be sent again though they are no GET, because they change nothing: queries of GraphQL. */
  repeatable?(request: OutgoingRequest): boolean;
  /**
   * How a path is written in logs, details and refusals, where a part of it opens a door: the id of a request by which
   * a password can be read. Default: as it is.
   */
  shown?(path: string): string;
  /** Turns a refusal into words for the customer; return undefined to keep the default. */
  explain?(refusal: Refusal): Explanation | undefined;
  /** Requests under way at once, per bucket. Default 4. */
  readonly concurrency?: number;
  /** Milliseconds until an answer's first byte. Default 30,000. */
  readonly timeoutMs?: number;
  /** Largest answer, in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
}

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

export interface AnswerHead {
  readonly status: number;
  readonly headers: Headers;
}

/** A refusal by the other side, its body parsed as JSON where it is JSON (else text, at most 2,000 characters). */
export interface Refusal extends AnswerHead {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface Explanation {
  readonly kind: import('@gatehouse/kernel').FaultKind;
  readonly advice: string;
}

/** What a system says about one bucket. */
export interface LimitState {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: Date | null;
}

/** Why a run stands still, for people: "waiting for Okta's rate limit, 40 s". */
export interface Wait {
  readonly system: string;
  readonly bucket: string;
  readonly reason: 'rate-limit' | 'retry';
  readonly until: Date;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly headers?: Record<string, string>;
  /** A plain value is sent as JSON, URLSearchParams as a form. */
  readonly body?: unknown;
  /** Statuses that are answers rather than faults, for example 404. */
  readonly accept?: readonly number[];
  /**
   * Retries after network faults, 429, and statuses that say that the server is in trouble (500, 502, 503 …). Default:
   * true for GET, HEAD and what `repeatable` names; other methods are sent again only when the system refused them for its rate limit, so did nothing. False: sent once.
   */
  readonly retry?: boolean;
}

export interface Answer<T> extends AnswerHead {
  readonly body: T;
  /** `rel="next"` of the Link header as a path of the pinned origin; a link to another origin is a fault. */
  readonly next: Cursor | null;
}

export interface Http {
  /** One request; the body is parsed once by `shape`. Throws a Fault. */
  request<S extends z.ZodType>(path: string, shape: S, options?: RequestOptions): Promise<Answer<z.output<S>>>;
  /** The body of a GET. */
  get<S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>>;
  /** Follows `Link: rel=next` within the same origin; the link is the cursor. Records are mapped one by one. */
  pages<S extends z.ZodType, T>(path: string, item: S, map: (item: z.output<S>) => T): AsyncIterable<Page<T>>;
  /** `fetch` with the same pinning, limits, retries and faults, for a vendor's own SDK. Refusals come back as answers, those for the rate limit as faults. */
  readonly fetch: typeof globalThis.fetch;
}
