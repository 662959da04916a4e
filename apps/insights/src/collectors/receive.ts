import { type AnyConnector, collectedStream } from '@gatehouse/connector-kit';
import { type Batch, type OutOfOrder, refusals, unpackBatch } from '@gatehouse/connector-kit/ingest';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { Problem, problems } from '@gatehouse/server';
import type { z } from 'zod';
import { queueRun } from '../runs/index.ts';
import { type Signed, useMessage } from './devices.ts';
import { countWaiting, storeBatch } from './inbox.ts';
import { findHeld } from './sources.ts';
import { createTurns } from './turns.ts';

export interface ReceiveParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  /** Bytes that one connection may have waiting. */
  readonly inboxBytes: number;
}

/** Unpacked, a batch takes a hundred times what it took on the way; a few at once are enough for a process. */
const unpacking = createTurns(2);

export type Received =
  | { readonly state: 'stored' | 'known' }
  | { readonly state: 'out-of-order'; readonly place: z.output<typeof OutOfOrder>['place'] };

/** Keeps a batch for the connection that its source belongs to, and queues the run that reads it into the inventory. */
export const receiveBatch = async (parts: ReceiveParts, signed: Signed): Promise<Received> => {
  const { database, clock, connectors } = parts;
  const batch = await unpacking(() => unpackBatch(signed.body)).catch((cause: unknown) => {
    throw problems.unreadable(cause);
  });
  return await useMessage(database, clock, signed, async (tx, at) => {
    const { tenantId, principal } = signed.act;
    const held = await findHeld(tx, tenantId, principal.id, batch.source);
    if (!held) throw notLeased();
    const appends = checkStream(batch, connectors.get(held.kind));
    const connectionId = held.home;
    if ((await countWaiting(tx, tenantId, connectionId)) > parts.inboxBytes) throw full();
    const arrived = { tenantId, connectionId, batch, body: signed.body, appends, at };
    const arrival = await storeBatch(tx, arrived);
    if (arrival.state === 'stored') {
      // The collector has a timetable of its own, so to the connection this is a scheduled read.
      await queueRun(tx, tenantId, { connectionId, reason: 'schedule', streams: [batch.stream], at });
    }
    return arrival;
  });
};

/** Whether the stream is one of events. A problem for one that its plugin does not have, or with other records. */
const checkStream = (batch: Batch, plugin: AnyConnector | undefined): boolean => {
  const found = Object.entries(plugin?.streams ?? {}).find(
    ([id]) => collectedStream(plugin?.id ?? '', id) === batch.stream,
  );
  const stream = found?.[1];
  if (!stream) throw problems.invalid([{ field: 'stream', message: `This server knows no stream "${batch.stream}".` }]);
  if (batch.type === 'page' && batch.record !== stream.record) {
    throw problems.invalid([{ field: 'record', message: `"${batch.stream}" has ${stream.record}.` }]);
  }
  return stream.reading.mode === 'events';
};

const notLeased = () =>
  new Problem(409, refusals.lease, 'Not yours to read', 'Another collector reads this system now. Say hello.');

const full = () =>
  new Problem(
    503,
    refusals.full,
    'Too much is waiting',
    'More is waiting here than can be kept. Send it again later.',
    {
      retryAfterSeconds: 30,
    },
  );
