import { type Database, openDatabase } from '@gatehouse/database';
import { type Clock, type Secret, systemClock } from '@gatehouse/kernel';
import { createLog, createServer, type Log, type Network, type Server, type SignInOptions } from '@gatehouse/server';
import { migrations } from './migrations.ts';
import { serveSite } from './routes.ts';

export interface SiteOptions {
  readonly databaseUrl: Secret | string;
  /** Folder for the key and the operator's token. */
  readonly home: string;
  readonly network: Network;
  readonly signIn?: SignInOptions;
  /** Folder of the built pages. */
  readonly pages?: string;
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface Site {
  readonly url: string;
  readonly firstAdministratorLink: string | null;
  readonly database: Database;
  readonly server: Server;
  /** Ends within five seconds. */
  close(): Promise<void>;
}

const program = { id: 'site', title: 'Gatehouse Site', version: '0.1.0' };

/** The composition of the site. Throws a StartFault whose sentence names what to change. */
export const startSite = async (options: SiteOptions): Promise<Site> => {
  const { databaseUrl, home, network, clock = systemClock, log = createLog('site') } = options;
  const database = await openDatabase({ url: databaseUrl, migrations, poolSize: 20 });
  try {
    const server = await createServer({
      ...{ program, database, log, home, network },
      // One organisation: there are no tenants, and so no roles in them.
      findTenantRole: async () => null,
      ...(options.signIn && { signIn: options.signIn }),
      ...(options.pages !== undefined && { pages: options.pages }),
    });
    serveSite(server, {
      ...{ database, clock, version: program.version, startedAt: clock.now() },
      // No ECM can connect to this site yet.
      listEcmClients: async () => [],
    });
    const url = await server.listen();
    const close = async () => {
      await server.close();
      await database.close();
    };
    return { url, firstAdministratorLink: await server.firstAdministratorLink(), database, server, close };
  } catch (error) {
    await database.close();
    throw error;
  }
};
