import { createHost, type LogLine } from '@gatehouse/host';
import { createTestClock, type TestClock } from '@gatehouse/host/testing';
import { type AnyVault, type Credential, type Endpoint, erasedVault, type Lease, type Listing } from '../vault.ts';
import { createMemoryTokens } from './memory-tokens.ts';
import type { Fate, VaultFake } from './vault-fake.ts';

/** What the contract is tried on. */
export interface Subject {
  readonly vault: AnyVault;
  /** A new, healthy fake each time. */
  fake(): VaultFake;
  /** Settings with good credentials for a vault at this origin, as a person enters them. */
  settings(origin: string): Readonly<Record<string, unknown>>;
  /** Values of those settings that are secret. */
  readonly secrets: readonly string[];
  /** Somebody who may use at least one credential of every kind that the plugin hands out, and where. */
  readonly person: string;
  readonly endpoint: Endpoint;
}

/** A promise that every plugin keeps. `prove` throws an error that says which part is broken. */
export interface Check {
  readonly name: string;
  prove(subject: Subject): Promise<void>;
}

/** One process that runs the plugin. */
export interface Process {
  readonly controller: AbortController;
  check(): Promise<void>;
  list(asked?: { person?: string; endpoint?: Endpoint }): Promise<readonly Listing[]>;
  /** One answer of the plugin. */
  ask(lease: Lease): Promise<'waiting' | Credential>;
  /** Until it comes; whoever has to approve does so as soon as it waits. */
  retrieve(lease: Lease): Promise<Credential>;
  release(lease: Lease): Promise<void>;
}

/** A fake that is up, and everything seen of what was done with it. */
export interface Trial {
  readonly fake: VaultFake;
  readonly origin: string;
  readonly clock: TestClock;
  readonly traces: readonly string[];
  readonly log: readonly LogLine[];
  /** What was kept for each lease. */
  readonly kept: ReadonlyMap<string, string>;
  /** A process of its own, with an empty cache of tokens unless it is `after` another. */
  process(after?: Process): Process;
  /** Ends a process at its step `at`, counted from 1 over requests and what it keeps. */
  crash(process: Process, at: number, how: Exclude<Fate, 'served'>): { readonly happened: boolean };
  lease(listing: Listing): Lease;
  stop(): Promise<void>;
}

export const withTrial = async <T>(subject: Subject, work: (trial: Trial) => Promise<T>): Promise<T> => {
  const fake = subject.fake();
  const { origin, close } = await fake.start();
  const clock = createTestClock();
  const traces: string[] = [];
  const log: LogLine[] = [];
  const kept = new Map<string, string>();
  const caches = new Map<Process, ReturnType<typeof createMemoryTokens>>();
  const keeping = new Map<Process, { before: () => 'kept' | 'lost' | 'unanswered' }>();
  const vault = erasedVault(subject.vault);
  let leases = 0;

  const newProcess = (after?: Process): Process => {
    const controller = new AbortController();
    const tokens = (after && caches.get(after)) ?? createMemoryTokens(clock);
    const host = createHost({ signal: controller.signal, clock, attempts: 2, log: (line) => void log.push(line) });
    const client = vault.connect(vault.config.parse(subject.settings(origin)), host, tokens);
    const trace = (line: string) => void traces.push(line);
    const keep = async (lease: Lease, state: string): Promise<void> => {
      const fate = keeping.get(process)?.before() ?? 'kept';
      if (fate === 'lost') throw new Error('crashed before it was kept');
      kept.set(lease.id, state);
      if (fate === 'unanswered') throw new Error('crashed after it was kept');
    };
    const current = (lease: Lease): Lease => ({ ...lease, kept: kept.get(lease.id) ?? null });
    const process: Process = {
      controller,
      check: () => vault.check(client),
      async list({ person = subject.person, endpoint = subject.endpoint } = {}) {
        const listings: Listing[] = [];
        for await (const listing of vault.list(client, { person, endpoint, trace })) listings.push(listing);
        return listings;
      },
      async ask(lease) {
        const retrieval = { keep: (state: string) => keep(lease, state), trace };
        const answer = await vault.retrieve(client, current(lease), retrieval);
        return answer.state === 'ready' ? answer.credential : 'waiting';
      },
      async retrieve(lease) {
        for (let left = 3; left > 0; left--) {
          const answer = await process.ask(lease);
          if (answer !== 'waiting') return answer;
          fake.approve();
        }
        throw new Error('still waiting although everything was approved');
      },
      release: (lease) => vault.release(client, current(lease), { trace }),
    };
    caches.set(process, tokens);
    return process;
  };

  try {
    return await work({
      ...{ fake, origin, clock, traces, log, kept, process: newProcess, stop: close },
      crash(process, at, how) {
        const state = { happened: false };
        let step = 0;
        const next = (): Fate => {
          if (state.happened) return 'lost';
          step++;
          if (step !== at) return 'served';
          state.happened = true;
          process.controller.abort(new Error('crashed'));
          return how;
        };
        fake.decide(next);
        keeping.set(process, {
          before: () => {
            const fate = next();
            return fate === 'served' ? 'kept' : fate;
          },
        });
        return state;
      },
      lease: ({ credential }) => ({
        id: `0190a1b2-c3d4-7e5f-8a9b-${String(++leases).padStart(12, '0')}`,
        ...{ credential, person: subject.person, endpoint: subject.endpoint },
        ...{ reason: 'change of the disk', ticket: 'CHG-7', kept: null },
        expiresAt: new Date(clock.now().getTime() + 3_600_000),
      }),
    });
  } finally {
    await close();
  }
};

export function claim(holds: boolean, broken: string): asserts holds {
  if (!holds) throw new Error(broken);
}

/** The secret part of a credential. */
export const secretOf = (credential: Credential): string =>
  (credential.kind === 'password' ? credential.password : credential.privateKey).reveal();
