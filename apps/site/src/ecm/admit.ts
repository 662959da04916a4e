import type { Database } from '@gatehouse/database';
import { type Clock, newId } from '@gatehouse/kernel';
import { ecmPath, subprotocol } from '@gatehouse/remote-access/ecm';
import { type App, audit, type Log, Problem, problems, type Request, serveWebSocket } from '@gatehouse/server';
import { type Account, identifyAccount, OAuthError, toProgram } from '../oauth/index.ts';
import { getOptions } from '../options/index.ts';
import { joinClients, leaveClients, nameClient } from './clients.ts';
import { connectEcm } from './connection.ts';
import { listLive } from './leases.ts';
import { mostEcms, type Pace } from './model.ts';
import { noteReleased } from './releases.ts';
import type { Connections } from './turns.ts';

export interface AdmitParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly processId: string;
  readonly connections: Connections;
  readonly pace: Pace;
  readonly site: () => { readonly name: string; readonly version: string };
  wake(): void;
}

/** Where ECMs connect. */
export const serveEcms = (app: App, parts: AdmitParts): void => {
  const { database, log, processId, connections, pace, site, wake } = parts;
  const refuse = createRefuse(database);
  serveWebSocket(app, {
    ...{ path: ecmPath, access: 'program', subprotocols: [subprotocol] },
    async admit(request) {
      const account = await identify(parts, request);
      const by = { principal: toProgram(account), correlationId: request.id };
      const address = request.ip;
      const clientId = newId<string>();
      const reason = await database.system(async (tx) => {
        if (!account.permissions.ecm) return reasons.permission;
        if (!(await getOptions(tx)).allowEcmConnections) return reasons.off;
        const client = { clientId, processId, accountId: account.id, ecmGroupId: account.ecmGroupId, address };
        return (await joinClients(tx, client)) ? null : reasons.full;
      });
      if (reason !== null) throw await refuse(account, request, reason);
      const failed = (what: string) => (error: unknown) => log.warn({ err: error, address }, what);
      const leave = () =>
        void database.system((tx) => leaveClients(tx, clientId)).catch(failed('an ECM that left is still listed'));
      // Also where nothing comes of the connection.
      if (request.socket.destroyed) leave();
      else request.socket.once('close', leave);

      return (socket) => {
        const { connection, listener } = connectEcm(socket, {
          ...{ clientId, account, address, log, greetMs: pace.greetMs, site: site() },
          onGreeting: (greeting) =>
            database.system(async (tx) => {
              await nameClient(tx, clientId, greeting);
              const { name, version, plugin } = greeting;
              await audit(tx, by, { action: 'ecm.connect', target: name, change: { address, version, plugin } });
            }),
          findLive: (leases) => database.system((tx) => listLive(tx, leases, account.id)),
          onReady: wake,
          onReleased: (lease, why) => noteReleased(database, lease, { id: account.id, by: by.principal }, why),
          onClosed() {
            connections.remove(connection);
            const { identity } = connection;
            if (identity === null) return;
            const { name } = identity;
            void database
              .system((tx) => audit(tx, by, { action: 'ecm.disconnect', target: name, change: { address } }))
              .catch(failed('that an ECM left is not in the audit'));
          },
        });
        connections.add(connection);
        return listener;
      };
    },
  });
};

const reasons = {
  permission: [403, 'This API account does not have the permission for the Endpoint Credential Manager API.'],
  off: [403, 'ECM connections are turned off in Management > Security.'],
  full: [409, `${mostEcms} ECMs are connected already, which is as many as may be.`],
} as const;
type Reason = (typeof reasons)[keyof typeof reasons];

const identify = async (parts: AdmitParts, request: Request): Promise<Account> => {
  try {
    const { account, use } = await identifyAccount(parts, request.headers.authorization, request.ip);
    if (use.retryAfterSeconds !== null) throw problems.tooMany(use.retryAfterSeconds);
    return account;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new Problem(error.status, error.word.replaceAll('_', '-'), 'Not let in', error.message);
  }
};

/** An ECM that is refused comes again and again: the same is written down once a minute. */
const createRefuse = (database: Database) => {
  const told = new Map<string, number>();
  return async (account: Account, request: Request, [status, reason]: Reason): Promise<Problem> => {
    const key = `${account.id} ${status} ${reason}`;
    const now = performance.now();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) > 60_000) {
      if (told.size > 1_000) told.clear();
      told.set(key, now);
      await database.system((tx) =>
        audit(
          tx,
          { principal: toProgram(account), correlationId: request.id },
          { action: 'ecm.refuse', target: account.name, change: { address: request.ip, reason } },
        ),
      );
    }
    return status === 409 ? problems.conflict(reason) : problems.forbidden(reason);
  };
};
