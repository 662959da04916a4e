import type { Database } from '@gatehouse/database';
import { type Clock, newId } from '@gatehouse/kernel';
import type { Log, Server } from '@gatehouse/server';
import { endRefused } from './access.ts';
import { serveEcms } from './admit.ts';
import { beat, countRequests, endProcess, listClients, listRefusals, sweepProcesses } from './clients.ts';
import { type CredentialDoor, createDoor } from './door.ts';
import { sweepLeases } from './leases.ts';
import { type Pace, usualPace } from './model.ts';
import { createReleases } from './releases.ts';
import { createConnections } from './turns.ts';

export interface HubOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly server: Server;
  readonly version: string;
  readonly pace?: Partial<Pace>;
}

/** The site's side of docs/ecm-protocol.md: ECMs connect to it, and sessions get credentials through its door. */
export interface EcmHub {
  /** Of this copy of the program; sessions carry it, and end with it. */
  readonly processId: string;
  readonly door: CredentialDoor;
  /** The ECMs that are connected to any copy of the program. */
  listEcmClients(): ReturnType<typeof listClients>;
  listEcmRefusals(): ReturnType<typeof listRefusals>;
  /** The sessions of this copy are over; their leases are released by whichever copy their ECMs connect to next. */
  close(): Promise<void>;
}

/** Open it before the server listens. */
export const openEcmHub = async (options: HubOptions): Promise<EcmHub> => {
  const { database, clock, log, server, version } = options;
  const pace = { ...usualPace, ...options.pace };
  const processId = newId<string>();
  const connections = createConnections();
  const ending = new AbortController();
  const releases = createReleases({ database, connections, pace, log });
  const wake = () => {
    if (!ending.signal.aborted) releases.wake();
  };
  const parts = { database, clock, log, processId, connections, pace, wake };
  const { door, endForgotten, stop } = createDoor(parts);

  const count = async (): Promise<void> => {
    const counts = connections.all.map(({ clientId, requests, lastError }) => ({ clientId, requests, lastError }));
    if (counts.length > 0) await database.system((tx) => countRequests(tx, counts));
  };
  /** What has to be looked at again and again. Whatever fails is tried by the next round. */
  const round = async (): Promise<void> => {
    const isKnown = await database.system(async (tx) => {
      const was = await beat(tx, processId);
      await sweepProcesses(tx, pace.goneMs);
      await sweepLeases(tx);
      return was;
    });
    if (!isKnown)
      for (const connection of [...connections.all]) connection.close(1012, 'This copy was taken for gone.');
    await endRefused(database, connections);
    await count();
    await endForgotten();
    wake();
  };
  const rounds = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await clock.sleep(pace.roundMs, ending.signal).catch(() => undefined);
      if (ending.signal.aborted) return;
      await round().catch((error: unknown) => log.warn({ err: error }, 'a round of the ECM hub was held up'));
    }
  };

  await round();
  serveEcms(server.app, { ...parts, site: () => ({ name: new URL(server.baseUrl()).host, version }) });
  const running = rounds();
  return {
    ...{ processId, door },
    listEcmClients: async () => {
      await count();
      return listClients(database);
    },
    listEcmRefusals: () => listRefusals(database),
    async close() {
      ending.abort();
      stop();
      for (const connection of [...connections.all]) connection.close(1001, 'The site stops.');
      await running;
      await releases.settled();
      await database.system(async (tx) => {
        await endProcess(tx, processId);
        await sweepLeases(tx);
      });
    },
  };
};
