import { type AnyConnector, type ConnectionCheck, checkConnection } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import type { z } from 'zod';
import type { TestResult } from '../api/connections.ts';
import { keepFault, toFaultWords } from './fault-words.ts';
import type { Settings } from './settings.ts';

/** A person waits in front of the page. */
const waitAtMostMs = 45_000;

export interface Tried {
  readonly found: ConnectionCheck;
  /** The same for an answer. */
  readonly result: z.input<typeof TestResult>;
}

/** Tries settings, secrets in the clear, without keeping anything. */
export const tryConnection = async (
  connector: AnyConnector,
  settings: Settings,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<Tried> => {
  const late = AbortSignal.timeout(waitAtMostMs);
  const host = createHost({
    signal: AbortSignal.any([signal, late]),
    clock,
    attempts: 2,
    retryMs: 10_000,
    log: (line) => log.debug({ ...line, connector: connector.id }, 'asked'),
  });
  try {
    const found = await checkConnection({ connector, settings, host });
    logFaults(log, connector, found);
    return { found, result: toTestResult(found, connector, clock) };
  } catch (error) {
    if (!late.aborted) throw error;
    const fault = new Fault(
      'unreachable',
      `${connector.name} took longer than ${waitAtMostMs / 1_000} seconds to answer. Check the address and any firewall, or try again later.`,
    );
    const found: ConnectionCheck = { health: 'failed', fault, notes: [], caveats: [], streams: [] };
    return { found, result: toTestResult(found, connector, clock) };
  }
};

const toTestResult = (found: ConnectionCheck, connector: AnyConnector, clock: Clock): z.input<typeof TestResult> => ({
  health: found.health,
  fault: found.fault && toFaultWords(keepFault(found.fault, clock.now()), { system: connector.name, stream: null }),
  notes: [...found.notes],
  caveats: found.caveats.map(({ code, advice }) => ({ code, advice })),
  streams: found.streams.map(({ stream, title, ok, advice }) => ({ stream, title, ok, advice })),
});

/** The detail of a fault is for operators: it goes to the log and nowhere else. */
const logFaults = (log: Log, connector: AnyConnector, found: ConnectionCheck): void => {
  for (const { fault, stream } of [{ fault: found.fault, stream: null }, ...found.streams]) {
    if (fault) log.info({ err: fault, connector: connector.id, stream }, 'a test of a connection failed');
  }
};
