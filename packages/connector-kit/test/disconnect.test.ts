import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnyConnector, checkConnection } from '../src/index.ts';
import { acme, settings } from './acme.ts';
import { closeAll, setUp } from './workbench.ts';

afterEach(closeAll);

/** Acme, with a note of every client that was let go. */
const noting = (ended: unknown[], more: Partial<AnyConnector> = {}): AnyConnector => ({
  ...acme,
  ...more,
  disconnect: async (client: unknown) => void ended.push(client),
});

const refusing = async (): Promise<never> => {
  throw new Fault('unauthorized', 'No.');
};

describe('a client is let go once', () => {
  test('when its run is over, whether it read or failed', async () => {
    const { run } = await setUp();
    const ended: unknown[] = [];
    await run(['accounts', 'groups'], noting(ended));
    expect(ended).toHaveLength(1);
    const outcome = await run(['accounts'], noting(ended, { check: refusing }));
    expect(outcome.fault?.kind).toBe('unauthorized');
    expect(ended).toHaveLength(2);
  });

  test('when a connection was tested', async () => {
    const { origin } = await setUp();
    const ended: unknown[] = [];
    const host = createHost({ signal: new AbortController().signal, clock: createTestClock() });
    await checkConnection({ connector: noting(ended), settings: settings(origin), host });
    await checkConnection({ connector: noting(ended, { check: refusing }), settings: settings(origin), host });
    expect(ended).toHaveLength(2);
  });

  test('but not after an abort, when nothing can be sent', async () => {
    const { run, controller, fake } = await setUp();
    const ended: unknown[] = [];
    fake.onRequest(() => controller.abort(new Error('cancelled')));
    await run(['accounts'], noting(ended));
    expect(ended).toEqual([]);
  });
});

test('a client that cannot be let go costs nothing of what was read', async () => {
  const { run } = await setUp();
  const outcome = await run(['accounts'], { ...acme, disconnect: refusing });
  expect(outcome).toMatchObject({ health: 'connected', fault: null, streams: [{ state: 'done' }] });
});
