import { type Clock, systemClock } from '@gatehouse/kernel';
import { type Bucket, createBucket } from './bucket.ts';
import type { EventLogs } from './event-logs/event-logs.ts';
import type { LogLine } from './exchange.ts';
import type { Files } from './files/files.ts';
import type { Host, LimitState, Wait } from './host.ts';
import { createHttp } from './http.ts';
import { createLdap } from './ldap/create-ldap.ts';
import type { Registry } from './registry/registry.ts';
import { createRetryBudget } from './retry.ts';
import { openSsh } from './ssh/open-ssh.ts';
import { createWaits } from './waits.ts';

/** A host as the one who starts a run sees it; plugins see a `Host`. */
export interface RunHost extends Host {
  /** What the run waits for at this moment. */
  waits(): readonly Wait[];
  /** Calls `listener` whenever `waits()` changes; returns how to stop that. */
  watch(listener: () => void): () => void;
  /** What each system last said about its limits. */
  limits(): readonly KnownLimit[];
}

export interface KnownLimit extends LimitState {
  readonly system: string;
  readonly bucket: string;
}

export interface HostOptions {
  /** Aborting it ends every request and every wait with the signal's reason. */
  readonly signal: AbortSignal;
  /** Measures waits. Network timeouts are real time. Default: the system's. */
  readonly clock?: Clock;
  /** Times that one request is sent at most. Default 5; 2 where a person waits for the answer. */
  readonly attempts?: number;
  /** Milliseconds that all retries together may wait, rate limits apart. Default ten minutes. */
  readonly retryMs?: number;
  /**
   * Milliseconds that one HTTP answer may take altogether. Left out: for as long as something of it comes, as large lists
   * need it.
   */
  readonly answerMs?: number;
  /** What plugins see of this machine’s files; `openFiles` makes it. Left out: none. */
  readonly files?: Files;
  /** What plugins see of other machines’ registries; `openRegistry` makes it. Left out: none. */
  readonly registry?: Registry;
  /** What plugins see of logs of events. Left out: none. */
  readonly eventLogs?: EventLogs;
  onWait?(waits: readonly Wait[]): void;
  onLimit?(limit: KnownLimit): void;
  /** Sent with each HTTP request as `X-Request-Id`, so that the audits of both sides can be joined. Null: nothing. */
  requestId?(): string | null;
  /** One line for each attempt; holds neither headers, queries nor bodies. */
  log?(line: LogLine): void;
}

/** The only way out of the process, for one run or one test of a connection: it carries that run's signal and budgets. */
export const createHost = (options: HostOptions): RunHost => {
  const { signal, clock = systemClock, attempts = 5, retryMs = 600_000, onWait, onLimit, log } = options;
  const { files, registry, eventLogs } = options;
  const waits = createWaits();
  if (onWait !== undefined) waits.watch(() => onWait(waits.list()));
  const buckets = new Map<string, Bucket>();
  const limits = new Map<string, KnownLimit>();

  const around = {
    clock,
    answerMs: options.answerMs ?? null,
    retries: createRetryBudget({ clock, waits, attempts, totalMs: retryMs, random: Math.random }),
    bucket(origin: string, name: string, system: string): Bucket {
      const key = `${origin} ${name}`;
      const bucket = buckets.get(key) ?? createBucket({ system, name, clock, waits });
      buckets.set(key, bucket);
      return bucket;
    },
    limit(system: string, bucket: string, state: LimitState) {
      const known = { ...state, system, bucket };
      limits.set(`${system} ${bucket}`, known);
      onLimit?.(known);
    },
    log: (line: LogLine) => log?.(line),
    requestId: () => options.requestId?.() ?? null,
  };

  return {
    signal,
    clock,
    http: (wanted) => createHttp(wanted, around, signal),
    ldap: (wanted) => createLdap(wanted, around, signal),
    ssh: (wanted) => openSsh(wanted, { signal, log: around.log }),
    ...(files && { files }),
    ...(registry && { registry }),
    ...(eventLogs && { eventLogs }),
    waits: waits.list,
    watch: waits.watch,
    limits: () => [...limits.values()],
  };
};
