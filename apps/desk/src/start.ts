import { type Database, openDatabase } from '@gatehouse/database';
import { type Clock, type Secret, systemClock } from '@gatehouse/kernel';
import { openMailRoom } from '@gatehouse/mail';
import {
  type AppLink,
  closeAll,
  createLog,
  createServer,
  type Log,
  type Network,
  type Server,
  type SignInOptions,
} from '@gatehouse/server';
import { openConnections } from './connections/index.ts';
import { migrations } from './migrations.ts';
import type { DeskParts } from './parts.ts';
import { serveDesk } from './routes.ts';
import { openSites } from './sites/index.ts';
import { openReader, type Reconciler, startReconciler, startWorker, type Worker } from './write-back/index.ts';

export interface DeskOptions {
  readonly databaseUrl: Secret | string;
  /** Folder for the key and the operator's token. */
  readonly home: string;
  readonly network: Network;
  readonly signIn?: SignInOptions;
  /** Folder of the built pages. */
  readonly pages?: string;
  /** Programs of the Apps menu. */
  readonly apps?: readonly AppLink[];
  readonly clock?: Clock;
  readonly log?: Log;
  /** Between two looks for what no event told of. Default five minutes. */
  readonly reconcileMs?: number;
  /** Between two looks for what is due. Default two seconds. */
  readonly workMs?: number;
  /** Between two looks for mail that is due. Default five seconds. */
  readonly mailMs?: number;
}

export interface DeskProgram {
  readonly url: string;
  readonly firstAdministratorLink: string | null;
  readonly database: Database;
  readonly server: Server;
  readonly parts: DeskParts;
  readonly reconciler: Reconciler;
  close(): Promise<void>;
}

const program = { id: 'desk', title: 'Gatehouse Desk', version: '0.1.0' };

/** The composition of the desk program. Throws a StartFault whose sentence names what to change. */
export const startDesk = async (options: DeskOptions): Promise<DeskProgram> => {
  const { databaseUrl, home, network, apps = [], clock = systemClock, log = createLog('desk') } = options;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const database = await openDatabase({ url: databaseUrl, migrations, poolSize: 20, keepsStatements: true });
    closers.push(() => database.close());
    const server = await createServer({
      ...{ program, database, log, home, network, apps },
      // One organisation: there are no tenants, and so no roles in them.
      findTenantRole: async () => null,
      ...(options.signIn && { signIn: options.signIn }),
      ...(options.pages !== undefined && { pages: options.pages }),
    });
    closers.push(() => server.close());
    const { sealer, baseUrl } = server;
    const closing = new AbortController();
    const mail = openMailRoom({ database, clock, log, sealer, everyMs: options.mailMs ?? 5_000 });
    closers.push(mail.close);
    const parts: DeskParts = {
      ...{ database, databaseUrl, clock, log, sealer, baseUrl, mail, closing: closing.signal },
      openSite: openSites(sealer, closing.signal),
      openConnection: openConnections({ sealer, clock }, closing.signal),
    };
    let worker: Worker | null = null;
    const wake = () => worker?.wake();
    serveDesk(server, parts, wake);
    const url = await server.listen();
    worker = startWorker(parts, { read: openReader(parts), everyMs: options.workMs ?? 2_000 });
    closers.push(worker.stop);
    const reconciler = startReconciler(parts, options.reconcileMs ?? 300_000, wake);
    closers.push(reconciler.stop);
    closers.push(async () => closing.abort());
    return {
      ...{ url, database, server, parts, reconciler },
      firstAdministratorLink: await server.firstAdministratorLink(),
      close: () => closeAll(closers, log),
    };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
};
