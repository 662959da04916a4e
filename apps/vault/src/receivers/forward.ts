import { Fault, newId, toFault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { listEntries } from '../audit/index.ts';
import type { VaultParts } from '../parts.ts';
import { lineFor } from './lines.ts';
import { type Receiver, waitAfter } from './model.ts';
import { sendLines } from './send.ts';
import { claimReceiver, giveBack, noteAcknowledged } from './store.ts';

type Parts = Pick<VaultParts, 'database' | 'clock' | 'log'>;

/** How often it is looked whether there is something new. */
const lookMs = 1_000;
/** Entries that are sent at once. */
const batch = 500;

/**
 * Sends what is new in the audit to every receiver, from the last entry that each of them has: at least once, in order.
 * Processes share the work; a receiver is served by one at a time.
 */
export const startForwarding = (parts: Parts): { stop(): Promise<void> } => {
  const { database, clock, log } = parts;
  const worker = newId<string>();
  const stopping = new AbortController();
  const serving = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;

  const search = async () => {
    for (;;) {
      const receiver = await database.system((tx) => claimReceiver(tx, worker, clock.now()));
      if (receiver === null) return;
      const served = serve(parts, worker, receiver, stopping.signal)
        .catch((error: unknown) => log.warn({ err: error }, 'what a receiver of the audit has could not be noted'))
        .finally(() => serving.delete(served));
      serving.add(served);
    }
  };
  const look = () => {
    if (stopping.signal.aborted) return;
    looking ??= search()
      .catch((error: unknown) => log.warn({ err: error }, 'receivers of the audit could not be read'))
      .finally(() => {
        looking = null;
      });
  };
  const timer = setInterval(look, lookMs);
  look();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort(new Error('The vault stops.'));
      await looking;
      await Promise.all(serving);
    },
  };
};

const serve = async (parts: Parts, worker: string, receiver: Receiver, signal: AbortSignal): Promise<void> => {
  const { database, clock, log } = parts;
  const { receiverId, attempt } = receiver;
  try {
    await forward(parts, worker, receiver, signal);
    await database.system((tx) => giveBack(tx, { receiverId, worker }, null));
  } catch (error) {
    if (signal.aborted) return database.system((tx) => giveBack(tx, { receiverId, worker }, null));
    const { advice, detail } = toFault(error);
    const until = new Date(clock.now().getTime() + waitAfter(attempt + 1));
    if (!(error instanceof Fault)) log.warn({ err: error }, 'the audit could not be forwarded');
    else if (attempt === 0) log.warn({ receiver: receiver.name, detail }, 'a receiver of the audit takes nothing');
    await database.system((tx) => giveBack(tx, { receiverId, worker }, { advice, until }));
  }
};

const forward = async (
  { database, clock }: Parts,
  worker: string,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> => {
  const { receiverId } = receiver;
  for (let after = receiver.acknowledgedSeq; ; ) {
    const last = after;
    const entries = await database.system((tx) => listEntries(tx, sql`seq > ${last}`, 'oldest', batch));
    const newest = entries.at(-1);
    if (newest === undefined) return;
    await sendLines(
      receiver,
      entries.map((entry) => lineFor(receiver, entry)),
      signal,
    );
    after = newest.seq;
    const isMine = await database.system((tx) =>
      noteAcknowledged(tx, { receiverId, worker, seq: newest.seq }, clock.now()),
    );
    if (!isMine || signal.aborted) return;
  }
};
