import { type Database, listenTo, type Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import { z } from 'zod';
import { supportChannel } from '../events.ts';
import type { Connection } from './connection.ts';
import { deliverEvents } from './deliver.ts';
import { type PassedSignal, readSignals } from './signals.ts';

export interface HubParts {
  readonly database: Database;
  readonly databaseUrl: Secret | string;
  readonly log: Log;
}

/** The pages that are connected to this copy of the site, and what every copy tells them. */
export interface Hub {
  /** It is sent what happened after its `last`, and then what happens. */
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** Called after something happened to a session, or perhaps to all of them (null); returns what ends that. */
  watch(changed: (lsid: string | null) => void): () => void;
  /** Whose pages of customers are here. */
  customers(): readonly Pick<Connection, 'lsid' | 'gsnumber'>[];
  close(): Promise<void>;
}

const Told = z.union([
  z.object({ lsid: z.string(), type: z.literal('signal'), id: z.string(), to: z.int() }),
  z.object({ lsid: z.string(), type: z.string() }),
]);

export const openHub = ({ database, databaseUrl, log }: HubParts): Hub => {
  const sessions = new Map<string, Set<Connection>>();
  const watchers = new Set<(lsid: string | null) => void>();
  /** Sessions of which somebody here has not heard everything. */
  const dirty = new Set<string>();
  let signalled: string[] = [];
  let delivering: Promise<void> | null = null;
  let isClosed = false;

  const look = async (): Promise<void> => {
    while ((dirty.size > 0 || signalled.length > 0) && !isClosed) {
      const behind = [...dirty].flatMap((lsid) => [...(sessions.get(lsid) ?? [])]);
      const ids = signalled;
      dirty.clear();
      signalled = [];
      try {
        await database.system((tx) => deliver(tx, behind, ids));
      } catch (error) {
        log.warn({ err: error }, 'pages of support sessions were not told what happened');
        // They come back, say what they have, and are told the rest.
        for (const connection of behind) connection.close(1011, 'Something went wrong. Connect again.');
      }
    }
  };
  const deliver = async (tx: Sql, behind: readonly Connection[], ids: readonly string[]): Promise<void> => {
    if (behind.length > 0 && (await deliverEvents(tx, behind))) for (const { lsid } of behind) dirty.add(lsid);
    for (const signal of ids.length > 0 ? await readSignals(tx, ids) : []) pass(signal);
  };
  const pass = ({ lsid, from, to, body }: PassedSignal): void => {
    for (const connection of sessions.get(lsid) ?? []) {
      if (connection.gsnumber !== to) continue;
      if (body[0] === 0) connection.draw(from, body.subarray(1));
      else connection.hear(JSON.parse(body.toString('utf8')));
    }
  };
  const wake = (): void => {
    delivering ??= look().finally(() => {
      delivering = null;
      // What came after its last look, and before this.
      if (!isClosed && (dirty.size > 0 || signalled.length > 0)) wake();
    });
  };

  const channel = listenTo(databaseUrl, supportChannel, (message) => {
    if (message === null) {
      for (const lsid of sessions.keys()) dirty.add(lsid);
      for (const changed of watchers) changed(null);
      return wake();
    }
    const { data: told } = Told.safeParse(JSON.parse(message));
    // Who only wakes outbound events says nothing of a session.
    if (told === undefined) return;
    const here = sessions.get(told.lsid);
    if ('to' in told) {
      if (![...(here ?? [])].some(({ gsnumber }) => gsnumber === told.to)) return;
      signalled.push(told.id);
      return wake();
    }
    if (told.type !== 'chat_message') for (const changed of watchers) changed(told.lsid);
    if (here === undefined) return;
    dirty.add(told.lsid);
    wake();
  });

  return {
    add(connection) {
      const here = sessions.get(connection.lsid) ?? new Set();
      sessions.set(connection.lsid, here.add(connection));
      dirty.add(connection.lsid);
      wake();
    },
    remove(connection) {
      const here = sessions.get(connection.lsid);
      here?.delete(connection);
      if (here?.size === 0) sessions.delete(connection.lsid);
    },
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    customers: () => [...sessions.values()].flatMap((here) => [...here].filter(({ kind }) => kind === 'customer')),
    async close() {
      isClosed = true;
      await channel.close();
      await delivering;
    },
  };
};
