import { createHost, type LogLine, type RunHost } from '@gatehouse/host';
import { createTestClock, type TestClock } from '@gatehouse/host/testing';
import type { AnyConnector } from '../connector.ts';
import type { Outcome, StreamOutcome } from '../outcome.ts';
import type { Progress } from '../progress.ts';
import { runStreams } from '../run.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { VendorFake } from './vendor-fake.ts';

/** What the contract is tried on. */
export interface Subject {
  readonly connector: AnyConnector;
  /** A new, healthy fake each time. */
  fake(): VendorFake;
  /** Settings with good credentials for a vendor at this origin, as a person enters them. */
  settings(origin: string): Readonly<Record<string, unknown>>;
}

/** A promise every connector keeps. `prove` throws an error that says which part is broken, and where. */
export interface Check {
  readonly name: string;
  prove(subject: Subject): Promise<void>;
}

/** One fake vendor that is up, and everything a check sees of the runs against it. */
export interface Trial {
  readonly fake: VendorFake;
  readonly origin: string;
  readonly clock: TestClock;
  readonly log: readonly LogLine[];
  readonly progress: readonly Progress[];
  readonly controller: AbortController;
  readonly host: RunHost;
  /** The vendor goes away. */
  stop(): Promise<void>;
  run(wanted?: { streams?: readonly string[]; store?: MemoryStore; settings?: unknown }): Promise<Outcome>;
}

export const withTrial = async <T>(
  { connector, fake: make, settings }: Subject,
  work: (trial: Trial) => Promise<T>,
): Promise<T> => {
  const fake = make();
  const { origin, close } = await fake.start();
  const clock = createTestClock();
  const log: LogLine[] = [];
  const progress: Progress[] = [];
  const controller = new AbortController();
  const newHost = () =>
    createHost({ signal: controller.signal, clock, log: (line) => void log.push(line), ...fake.nearby });
  try {
    return await work({
      ...{ fake, origin, clock, log, progress, controller, host: newHost(), stop: close },
      run: ({ streams, store = createMemoryStore({ clock }), settings: other } = {}) =>
        runStreams({
          ...{ connector, store, host: newHost(), settings: other ?? settings(origin) },
          ...(streams === undefined ? {} : { streams }),
          onProgress: (step) => void progress.push(step),
        }),
    });
  } finally {
    await close();
  }
};

/** Every stream of a connector, by id. */
export const streamIds = ({ connector }: Subject): readonly string[] => Object.keys(connector.streams);

/** Those whose requests can be refused or answered badly. */
export const askingStreamIds = (subject: Subject): readonly string[] => {
  const { unasked = [] } = subject.fake();
  return streamIds(subject).filter((id) => !unasked.includes(id));
};

export const outcomeOf = (outcome: Outcome, stream: string): StreamOutcome => {
  const found = outcome.streams.find((one) => one.stream === stream);
  if (found === undefined) throw new Error(`the outcome does not mention ${stream}`);
  return found;
};

export function claim(holds: boolean, broken: string): asserts holds {
  if (!holds) throw new Error(broken);
}

/** What happened, for the words of a broken claim. */
export const told = ({ fault, health, streams }: Outcome): string =>
  [
    `health ${health}`,
    ...(fault === null ? [] : [`check: ${fault.kind} ${fault.detail ?? fault.advice}`]),
    ...streams.flatMap((one) =>
      one.fault === null ? [] : [`${one.stream}: ${one.fault.kind} ${one.fault.detail ?? one.fault.advice}`],
    ),
  ].join('; ');

/** Fails unless every stream was read to its end. */
export const claimAllDone = (outcome: Outcome, when: string): void =>
  claim(
    outcome.fault === null && outcome.streams.every(({ state }) => state === 'done'),
    `${when}: not every stream was read to its end (${told(outcome)})`,
  );
