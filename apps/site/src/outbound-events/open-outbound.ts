import { type Database, listenTo, type Sql } from '@gatehouse/database';
import { newId, openRounds, type Secret } from '@gatehouse/kernel';
import { supportChannel } from '../support/index.ts';
import { alertFailing, alertGivenUp, alertWorking } from './alerts.ts';
import {
  claimTurns,
  type Due,
  forgetDeliveries,
  type Holder,
  lockRecipient,
  noteFailing,
  noteTry,
  noteWorking,
  releaseTurn,
  takeNext,
} from './queue.ts';
import { longestMs, type Outcome, type SendParts, send } from './send.ts';

export interface OutboundParts extends SendParts {
  readonly database: Database;
  /** For the connection that hears of new events. */
  readonly databaseUrl: Secret | string;
  /** Between two looks for what nobody was told of. Default five seconds. */
  readonly everyMs?: number;
  /** How long a copy that is gone keeps the turn of a recipient. Default twice as long as the longest try. */
  readonly leaseMs?: number;
}

/** Sends what waits, as long as the site runs; several copies share the recipients. */
export interface Outbound {
  readonly parts: OutboundParts;
  /** Something may be due. */
  wake(): void;
  /** A try that is under way is broken off, and made again by whoever runs next. */
  close(): Promise<void>;
}

export const openOutbound = (parts: OutboundParts): Outbound => {
  const { database, databaseUrl, clock, log, everyMs = 5_000, leaseMs = 2 * longestMs } = parts;
  const holder: Holder = { id: newId(), leaseMs };
  const closing = new AbortController();
  const { signal } = closing;
  const turns = new Map<number, Promise<void>>();

  /** One event after the other to one recipient, until nothing is due or it fails. */
  const turn = async (recipientId: number): Promise<void> => {
    const next = (tx: Sql) => takeNext(tx, holder, recipientId, clock.now());
    let due = await database.system(next);
    while (due !== null && !signal.aborted) {
      const { recipient, message }: Due = due;
      const outcome = await send(parts, recipient, message, signal);
      due = await database.system(async (tx) => {
        const at = clock.now();
        if (outcome.error !== '' || recipient.isFailing) {
          await note(tx, { recipient, message }, outcome, at);
          return await next(tx);
        }
        // Nearly all of a long queue, so sent one after the other without waiting for each.
        const [, , taken] = await Promise.all([
          lockRecipient(tx, recipient.id),
          noteTry(tx, message.deliveryId, outcome, 'delivered', at),
          next(tx),
        ]);
        return taken;
      });
    }
  };

  const begin = (recipientId: number): void => {
    const running = (async () => {
      try {
        await turn(recipientId);
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error, recipientId }, 'outbound events were held up');
      }
      // Where the database is away, the turn ends by itself.
      const isReleased = await database
        .system((tx) => releaseTurn(tx, holder, recipientId))
        .then(
          () => true,
          () => false,
        );
      turns.delete(recipientId);
      // What happened between the last look and the release was heard by nobody who could begin.
      if (isReleased) rounds.wake();
    })();
    turns.set(recipientId, running);
  };

  const look = async (): Promise<void> => {
    const claimed = await database.system((tx) => claimTurns(tx, holder, clock.now()));
    for (const recipientId of claimed) if (!turns.has(recipientId)) begin(recipientId);
  };

  const rounds = openRounds({
    ...{ everyMs, look, tidy: () => database.system((tx) => forgetDeliveries(tx, clock.now())) },
    onFault: (error) => log.warn({ err: error }, 'outbound events were held up'),
  });
  const channel = listenTo(databaseUrl, supportChannel, (message) => {
    // Nobody is told of these, and they are many.
    if (message === null || !/"(chat_message|signal)"/.test(message)) rounds.wake();
  });

  return {
    parts,
    wake: rounds.wake,
    close: async () => {
      closing.abort();
      await Promise.all([channel.close(), rounds.close()]);
      await Promise.all(turns.values());
    },
  };
};

const note = async (tx: Sql, { recipient, message }: Due, outcome: Outcome, at: Date): Promise<void> => {
  const { deliveryId, parameters, firstTriedAt } = message;
  await lockRecipient(tx, recipient.id);
  if (outcome.error === '') {
    await noteTry(tx, deliveryId, outcome, 'delivered', at);
    await noteWorking(tx, recipient.id);
    await alertWorking(tx, recipient, at);
    return;
  }
  const next = new Date(at.getTime() + recipient.retryInterval * 1_000);
  const ends = (firstTriedAt ?? at).getTime() + recipient.retryDuration * 1_000;
  const isOver = next.getTime() > ends;
  await noteTry(tx, deliveryId, outcome, isOver ? 'given_up' : 'queued', at);
  await noteFailing(tx, recipient.id, outcome.error, at, isOver ? null : next);
  if (isOver) await alertGivenUp(tx, recipient, parameters.event ?? '', outcome.error, at);
  else await alertFailing(tx, recipient, outcome.error, at);
};
