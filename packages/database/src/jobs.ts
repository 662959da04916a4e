import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@gatehouse/kernel';
import { PgBoss, type SendOptions } from 'pg-boss';
import { toDatabaseError } from './pg-fault.ts';

/** What a queue promises about its jobs. */
export interface Queue {
  readonly name: string;
  /** Jobs under way at once in this process; over all processes there is at most one for each key. Default 1. */
  readonly concurrency?: number;
  /** Times a job is tried again, with growing pauses from `retryDelaySeconds` on. Default 10, from 10 seconds. */
  readonly retries?: number;
  readonly retryDelaySeconds?: number;
  /** Seconds one attempt may take before it counts as failed. Default 12 hours. */
  readonly expireSeconds?: number;
  /** Seconds without a sign of life of its process after which a job is taken up by another. At least 10; default 30. */
  readonly heartbeatSeconds?: number;
}

export interface Job<Body extends object> {
  readonly id: string;
  readonly body: Body;
  /** How often it was tried before. */
  readonly attempt: number;
}

/** Work that outlives a request and a process, kept in the schema `jobs` of the same database. */
export interface Jobs {
  /** Takes up the jobs of a queue. `signal` aborts when the program stops or another process took the job over. */
  work<Body extends object>(
    queue: Queue,
    perform: (job: Job<Body>, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  /**
   * Leaves a job. While one with the same key waits, nothing is added and the answer is null; while one runs, it waits
   * until that has ended. `after` is the earliest time.
   */
  send(queue: string, body: object, options: { readonly key: string; readonly after?: Date }): Promise<string | null>;
  /** Leaves a job whenever the cron expression says so (UTC), once over all processes. Repeating it replaces it. */
  schedule(queue: string, cron: string, body: object): Promise<void>;
  /** Ends within five seconds: what has not stopped by then is taken up again, here or elsewhere. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  readonly url: Secret | string;
  /** What goes wrong in the background, for the log. */
  onError(error: Error): void;
  /** Seconds between looks for new jobs. Default 1. */
  readonly pollSeconds?: number;
}

export const openJobs = async (options: JobsOptions): Promise<Jobs> => {
  const { url } = options;
  const boss = new PgBoss({
    connectionString: url instanceof Secret ? url.reveal() : url,
    application_name: 'gatehouse jobs',
    schema: 'jobs',
    max: 4,
    // A killed process is missed after its heartbeat and at most this much.
    monitorIntervalSeconds: 10,
    superviseIntervalSeconds: 10,
  });
  boss.on('error', options.onError);
  await boss.start().catch((error: unknown) => {
    throw toDatabaseError(error);
  });
  const known = new Set<string>();
  const stopping = new AbortController();

  /** Whoever works on a queue settles what it promises; whoever only leaves jobs takes it as it is. */
  const ensure = async (queue: Queue, settles: boolean): Promise<void> => {
    if (known.has(queue.name) && !settles) return;
    const settings = {
      retryLimit: queue.retries ?? 10,
      retryDelay: queue.retryDelaySeconds ?? 10,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: queue.expireSeconds ?? 12 * 3_600,
      heartbeatSeconds: queue.heartbeatSeconds ?? 30,
      deleteAfterSeconds: 7 * 86_400,
    };
    // One waiting and one running job for each key.
    const exists = (await boss.getQueue(queue.name)) !== null;
    if (exists && settles) await boss.updateQueue(queue.name, settings);
    if (!exists) await boss.createQueue(queue.name, { ...settings, policy: 'stately' });
    known.add(queue.name);
  };

  return {
    work: async (queue, perform) => {
      await ensure(queue, true);
      const polling = { pollingIntervalSeconds: options.pollSeconds ?? 1, localConcurrency: queue.concurrency ?? 1 };
      await boss.work(queue.name, polling, async (batch) => {
        for (const job of batch) {
          const signal = AbortSignal.any([job.signal, stopping.signal]);
          const body = job.data as never; // What `send` of this queue was given.
          await perform({ id: job.id, body, attempt: job.retryCount }, signal);
        }
      });
    },
    send: async (queue, body, { key, after }) => {
      await ensure({ name: queue }, false);
      const sent: SendOptions = { singletonKey: key, ...(after ? { startAfter: after } : {}) };
      return await boss.send(queue, body, sent);
    },
    schedule: async (queue, cron, body) => {
      await ensure({ name: queue }, false);
      await boss.schedule(queue, cron, body, { tz: 'UTC', singletonKey: 'schedule' });
    },
    stop: async () => {
      stopping.abort(new Error('Gatehouse is stopping.'));
      await Promise.race([boss.stop({ graceful: true, timeout: 4_000 }), sleep(5_000, undefined, { ref: false })]);
    },
  };
};
