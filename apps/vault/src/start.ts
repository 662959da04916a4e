import { type Database, openDatabase, openJobs } from '@gatehouse/database';
import { type Clock, type Secret, systemClock } from '@gatehouse/kernel';
import {
  type AppLink,
  closeAll,
  createLog,
  createServer,
  type Log,
  loadKeys,
  type Network,
  type Server,
  type SignInOptions,
  type Started,
} from '@gatehouse/server';
import { openAudit } from './audit/index.ts';
import { startBackground } from './background.ts';
import { openDirectories } from './identities/index.ts';
import { type JobDoor, type JobWorker, jobDoor, newSecret, platforms, startJobWorker } from './jobs/index.ts';
import { openKeys } from './keys/index.ts';
import { migrations } from './migrations.ts';
import type { VaultParts } from './parts.ts';
import { startForwarding } from './receivers/index.ts';
import { serveVault } from './routes.ts';
import { sdkPath } from './sdk/index.ts';

export interface VaultOptions {
  readonly databaseUrl: Secret | string;
  /** Folder of the keys and the operator's token. */
  readonly home: string;
  readonly network: Network;
  readonly role?: 'all' | 'web' | 'worker';
  readonly masterKey?: Secret;
  readonly masterPassphrase?: Secret;
  readonly reveal?: boolean;
  /** What changes passwords; left out, nothing does. */
  readonly jobs?: JobDoor;
  readonly signIn?: SignInOptions;
  /** Folder of the built pages. */
  readonly pages?: string;
  /** Programs of the Apps menu. */
  readonly apps?: readonly AppLink[];
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface VaultProgram extends Started {
  readonly database: Database;
  /** Null for a worker. */
  readonly server: Server | null;
  readonly parts: VaultParts;
}

const program = { id: 'vault', title: 'Gatehouse Vault', version: '0.1.0' };

/** The composition of the vault. Throws a StartFault whose sentence names what to change. */
export const startVault = async (options: VaultOptions): Promise<VaultProgram> => {
  const { databaseUrl, home, network, role = 'all', clock = systemClock, log = createLog('vault') } = options;
  const { jobs = jobDoor, apps = [] } = options;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const database = await openDatabase({ url: databaseUrl, migrations, poolSize: 20, keepsStatements: true });
    closers.push(() => database.close());
    const { masterKey, masterPassphrase } = options;
    const envelope = await openKeys(
      database,
      { home, ...(masterKey && { masterKey }), ...(masterPassphrase && { masterPassphrase }) },
      clock,
    );
    const audit = openAudit(database, clock, (await loadKeys(home, 'vault.audit')).current.key);
    const directories = openDirectories({ database, envelope, clock });
    const parts: VaultParts = { database, clock, log, envelope, audit, directories, reveal: options.reveal ?? false };
    const server =
      role === 'worker'
        ? null
        : await createServer({
            ...{ program, database, log, home, network, apps, findTenantRole: async () => null },
            pathsWithoutCase: sdkPath,
            ...(options.signIn && { signIn: options.signIn }),
            ...(options.pages !== undefined && { pages: options.pages }),
          });
    let worker: JobWorker | null = null;
    let url: string | null = null;
    if (server) {
      closers.push(() => server.close());
      serveVault(server, { ...parts, wake: () => worker?.wake() }, jobs);
      url = await server.listen();
    }
    if (role !== 'web') {
      const queue = await openJobs({
        url: databaseUrl,
        onError: (error) => log.warn({ err: error }, 'jobs are held up'),
      });
      closers.push(() => queue.stop());
      const background = await startBackground(parts, queue, jobs);
      closers.push(background.stop);
      worker = startJobWorker({ ...parts, platforms, newSecret });
      closers.push(worker.stop);
      closers.push(startForwarding(parts).stop);
    }
    const close = () => closeAll(closers, log);
    return {
      url,
      firstAdministratorLink: (await server?.firstAdministratorLink()) ?? null,
      database,
      server,
      parts,
      close,
    };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
};
