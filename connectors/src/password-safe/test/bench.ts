import { type ConnectionCheck, checkConnection, type Outcome, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost, type LogLine } from '@gatehouse/host';
import { createTestClock, type TestClock } from '@gatehouse/host/testing';
import { fakePasswordSafe, type PasswordSafeFake } from '../fake.ts';
import { passwordSafe } from '../password-safe.ts';

/** A fake Password Safe that is up, and a connection to it that a test can run. */
export interface Bench extends AsyncDisposable {
  readonly fake: PasswordSafeFake;
  readonly origin: string;
  readonly clock: TestClock;
  readonly store: MemoryStore;
  readonly log: readonly LogLine[];
  run(wanted?: { streams?: readonly string[]; settings?: Readonly<Record<string, unknown>> }): Promise<Outcome>;
  check(settings?: Readonly<Record<string, unknown>>): Promise<ConnectionCheck>;
}

export const openBench = async (fake: PasswordSafeFake = fakePasswordSafe()): Promise<Bench> => {
  const { origin, close } = await fake.start();
  const clock = createTestClock();
  const store = createMemoryStore({ clock });
  const log: LogLine[] = [];
  const signal = new AbortController().signal;
  const newHost = (attempts: number) => createHost({ signal, clock, attempts, log: (line) => void log.push(line) });
  return {
    ...{ fake, origin, clock, store, log },
    run: ({ streams, settings = {} } = {}) =>
      runStreams({
        ...{ connector: passwordSafe, store, host: newHost(3), settings: { ...fake.settings(origin), ...settings } },
        ...(streams === undefined ? {} : { streams }),
      }),
    check: (settings = {}) =>
      checkConnection({
        connector: passwordSafe,
        host: newHost(1),
        settings: { ...fake.settings(origin), ...settings },
      }),
    [Symbol.asyncDispose]: close,
  };
};
