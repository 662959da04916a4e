import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Database } from '@gatehouse/database';
import { type Clock, Fault } from '@gatehouse/kernel';
import {
  type ChannelUse,
  createChannel,
  type JumpChannel,
  type JumpResult,
  jumpLimits,
  lineClosings,
} from '@gatehouse/remote-access/jump';
import type { Log, ServerSocket, SocketListener } from '@gatehouse/server';
import { type Author, removeObject } from '../objects/index.ts';
import { endOverdue } from '../support/index.ts';
import type { HeldLine } from './held-line.ts';
import { jumpClients } from './model.ts';
import { beatLines, isConnected, leaveLine, listForgotten } from './store.ts';

/** Every wait of the hub, in milliseconds. */
export interface JumpPace {
  /** Between two looks whether Jump Clients may still be connected; so long one that was locked stays at most. */
  readonly roundMs: number;
  /** Nothing was heard for so long: a line is asked whether it is there. */
  readonly pingMs: number;
  /** What is opened on a machine has to be there in this time. */
  readonly openMs: number;
  /** What a minute of a session policy lasts. */
  readonly minuteMs: number;
}

export const usualPace: JumpPace = { roundMs: 2_000, pingMs: 15_000, openMs: 15_000, minuteMs: 60_000 };

export interface HubParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly processId: string;
  readonly pace: JumpPace;
}

export interface OpenChannel {
  readonly channel: JumpChannel;
  /** Of a file that is read. */
  readonly bytes: number | null;
}

/** The Jump Clients whose lines this copy of the site has. */
export interface JumpHub {
  readonly pace: JumpPace;
  /** Opens something on the machine. @throws Fault as the Jump Client says, or that it is not there */
  open(clientId: number, use: ChannelUse): Promise<OpenChannel>;
  /** @throws Fault */
  list(clientId: number, path: string, after: string): Promise<JumpResult<'list'>>;
  /** Ends the lines of those that were locked or unpinned meanwhile. */
  look(): Promise<void>;
  /** A line that was let in. One that the same machine had before ends. */
  hold(line: HeldLine): void;
  drop(line: HeldLine): Promise<void>;
  /** Takes the connection of a channel that was asked for. Null: none was, or not with this token. */
  take(channelId: string, token: string): ((socket: ServerSocket) => SocketListener) | null;
  close(): Promise<void>;
}

export const createHub = (parts: HubParts): JumpHub => {
  const { database, clock, log, processId, pace } = parts;
  const lines = new Map<number, HeldLine>();
  const pending = new Map<string, { readonly hash: Buffer; arrive(channel: JumpChannel): void }>();
  const closing = new AbortController();

  const require = async (clientId: number): Promise<HeldLine> => {
    const held = lines.get(clientId);
    if (held !== undefined) return held;
    const isElsewhere = await database.system((tx) => isConnected(tx, clientId));
    throw new Fault('unreachable', isElsewhere ? elsewhere : offline);
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    const held = [...lines.values()];
    const known = await database.system((tx) =>
      beatLines(
        tx,
        processId,
        held.map(({ lineId }) => lineId),
        now,
      ),
    );
    const found = new Map(known.map(({ lineId, isLocked }) => [lineId, isLocked]));
    for (const line of held) {
      const isLocked = found.get(line.lineId);
      if (isLocked === true) line.close(lineClosings.locked, lockedWords);
      // Its row is gone, or another line of it counts.
      else if (isLocked === undefined) await line.explainAbsence();
    }
  };

  const asSite = (): Author => ({
    principal: { kind: 'program', id: processId, name: 'Gatehouse Site' },
    correlationId: randomUUID(),
  });
  /** Unpins who was away too long. */
  const forget = async (): Promise<void> => {
    for (const id of await database.system((tx) => listForgotten(tx, clock.now())))
      await database.system((tx) => removeObject(tx, asSite(), { kind: jumpClients }, id));
  };
  const rounds = (async () => {
    while (!closing.signal.aborted) {
      await Promise.all([look(), forget(), endOverdue(parts, asSite())]).catch((error: unknown) =>
        log.warn({ err: error }, 'a round of Jump Clients was held up'),
      );
      await clock.sleep(pace.roundMs, closing.signal).catch(() => undefined);
    }
  })();

  return {
    ...{ look, pace },
    async open(clientId, use) {
      const held = await require(clientId);
      if (held.channels.size >= jumpLimits.channels)
        throw new Fault('throttled', 'Too much is open on this Jump Client already. Close something first.');
      const [id, token] = [randomUUID(), randomBytes(32).toString('base64url')];
      const arrived = Promise.withResolvers<JumpChannel>();
      pending.set(id, { hash: hashOf(token), arrive: arrived.resolve });
      const late = setTimeout(() => arrived.reject(new Fault('unreachable', tooLate)), pace.openMs + 1_000);
      // Held from the moment it arrives: it ends with the line, whatever the answer to the request is.
      arrived.promise.then(
        (channel) => held.keep(channel),
        () => undefined,
      );
      try {
        const { bytes } = await held.line.call('open', { channel: id, token, use }, pace.openMs);
        return { channel: await arrived.promise, bytes };
      } catch (error) {
        arrived.promise.then(
          (channel) => channel.stream.destroy(),
          () => undefined,
        );
        throw error;
      } finally {
        clearTimeout(late);
        pending.delete(id);
      }
    },
    list: async (clientId, path, after) => (await require(clientId)).line.call('list', { path, after }, pace.openMs),
    hold(line) {
      const before = lines.get(line.clientId);
      lines.set(line.clientId, line);
      before?.close(lineClosings.replaced, 'This Jump Client connected anew.');
    },
    async drop(line) {
      if (lines.get(line.clientId) === line) lines.delete(line.clientId);
      await database.system((tx) => leaveLine(tx, line.lineId, clock.now()));
    },
    take(channelId, token) {
      const wanted = pending.get(channelId);
      if (wanted === undefined || !timingSafeEqual(wanted.hash, hashOf(token))) return null;
      pending.delete(channelId);
      return (socket) => {
        const channel = createChannel(socket, 'The connection to the Jump Client was lost.');
        wanted.arrive(channel);
        return channel.heard;
      };
    },
    async close() {
      closing.abort();
      await rounds;
      const held = [...lines.values()];
      for (const line of held) line.close(1001, 'The site stops.');
      await Promise.all(held.map(({ left }) => left));
    },
  };
};

const hashOf = (token: string) => createHash('sha256').update(token).digest();
export const lockedWords = 'This Jump Client is locked at the site.';
const offline =
  'This Jump Client is not connected. See that its machine is on and reaches the site: "gatehouse jump-client status" there says what is wrong.';
const elsewhere =
  'Another copy of the site holds the line to this Jump Client. A load balancer must send representatives and Jump Clients to the same copy.';
const tooLate = 'The Jump Client did not open it in time.';
