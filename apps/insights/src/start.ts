import type { AnyConnector, AppLink } from '@gatehouse/connector-kit';
import { releaseProgram } from '@gatehouse/connector-kit/ingest';
import { type Database, openDatabase, openJobs } from '@gatehouse/database';
import { type Clock, type Secret, systemClock } from '@gatehouse/kernel';
import {
  closeAll,
  createLog,
  createSealer,
  createServer,
  type Log,
  loadKeys,
  loadSigningKey,
  type Network,
  openRelease,
  type Sealer,
  type Server,
  type SignInOptions,
} from '@gatehouse/server';
import { type Background, startBackground } from './background.ts';
import { relayedRun } from './collectors/index.ts';
import { evaluating } from './findings/index.ts';
import { correlating } from './identities/index.ts';
import { migrations } from './migrations.ts';
import { toCatalogue } from './privilege/index.ts';
import { serveInsights } from './routes.ts';
import { type AfterRead, type RunParts, startWorker, type TellConnectivity, type Worker } from './runs/index.ts';
import { findRole } from './tenants/index.ts';
import { type DeliveryParts, emit } from './webhooks/index.ts';

export interface InsightsOptions {
  readonly databaseUrl: Secret | string;
  /** Folder for the key and the operator's token. */
  readonly home: string;
  readonly connectors: readonly AnyConnector[];
  readonly network: Network;
  /** `web` answers requests, `worker` performs runs and jobs, `all` does both. Several copies share one database. */
  readonly role?: 'all' | 'web' | 'worker';
  /** Addresses from which pulls leave, for vendors' allow-lists. */
  readonly egressAddresses?: readonly string[];
  /** Other programs of the Apps menu. */
  readonly apps?: readonly AppLink[];
  readonly allowPrivateWebhooks?: boolean;
  readonly signIn?: SignInOptions;
  /** Folder of the built pages. */
  readonly pages?: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** What follows every read. Default: correlation, privilege and rules. */
  readonly afterRead?: readonly AfterRead[];
  /** Folder of the collector that is offered to collectors and for download; left out: none is. */
  readonly collectorRelease?: string;
  /** Bytes that the collectors of one connection may have waiting to be read. Default 1 GiB. */
  readonly inboxBytes?: number;
  /** Milliseconds that a run waits for a database that is away. Default two minutes. */
  readonly patienceMs?: number;
}

export interface Insights {
  /** Where people reach it; null for a worker, which answers nobody. */
  readonly url: string | null;
  readonly firstAdministratorLink: string | null;
  readonly database: Database;
  /** Null for a worker. */
  readonly server: Server | null;
  /** Ends within five seconds. Runs under way are given back and go on at the next start. */
  close(): Promise<void>;
}

/** The composition of insights. Throws a StartFault whose sentence names what to change. */
export const startInsights = async (options: InsightsOptions): Promise<Insights> => {
  const { databaseUrl, home, role = 'all', clock = systemClock, log = createLog('insights') } = options;
  const connectors = new Map(options.connectors.map((connector) => [connector.id, connector]));
  const closers: (() => Promise<unknown>)[] = [];
  const close = () => closeAll(closers, log);
  try {
    const database = await openDatabase({ url: databaseUrl, migrations, poolSize: 20 });
    closers.push(() => database.close());
    let worker: Worker | null = null;
    let background: Background | null = null;
    const wake = () => {
      worker?.wake();
      background?.deleteNow();
    };
    const releaseKey = await loadSigningKey(home, program.id, 'release');
    const release = await openRelease({
      ...{ folder: options.collectorRelease, setting: '--collector-release', program: releaseProgram },
      ...{ version: program.version, key: releaseKey },
    });
    const offers = release?.version ?? null;
    const partsWith = (sealer: Sealer) => toParts(options, { database, sealer, clock, log, connectors, offers });
    const server = role === 'worker' ? null : await openServer(options, database, log);
    const sealer = server?.sealer ?? createSealer(await loadKeys(home, program.id));
    const { runs, delivery } = partsWith(sealer);
    let url: string | null = null;
    if (server) {
      closers.push(() => server.close());
      const { egressAddresses = [], apps = [] } = options;
      const { tellConnectivity } = runs;
      serveInsights(server, {
        database,
        clock,
        log,
        connectors,
        egressAddresses,
        apps,
        delivery,
        tellConnectivity,
        release,
        releaseKey: releaseKey.publicKey,
        inboxBytes: options.inboxBytes ?? 2 ** 30,
        wake,
      });
      url = await server.listen();
    }
    if (role !== 'web') {
      const jobs = await openJobs({
        url: databaseUrl,
        onError: (error) => log.warn({ err: error }, 'jobs are held up'),
      });
      closers.push(() => jobs.stop());
      background = await startBackground({ runs, delivery, apps: options.apps ?? [], offers }, jobs);
      closers.push(background.stop);
      worker = startWorker(runs);
      closers.push(worker.stop);
    }
    return { url, firstAdministratorLink: (await server?.firstAdministratorLink()) ?? null, database, server, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const program = { id: 'insights', title: 'Gatehouse Insights', version: '0.1.0' };

const openServer = (options: InsightsOptions, database: Database, log: Log): Promise<Server> =>
  createServer({
    ...{ program, database, log, home: options.home, network: options.network },
    findTenantRole: (principal, tenantId) => database.system((tx) => findRole(tx, principal, tenantId)),
    ...(options.signIn && { signIn: options.signIn }),
    ...(options.pages !== undefined && { pages: options.pages }),
  });

interface Opened {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly offers: string | null;
}

const toParts = (
  { connectors: known, afterRead, allowPrivateWebhooks = false, patienceMs = 120_000 }: InsightsOptions,
  opened: Opened,
): { readonly runs: RunParts; readonly delivery: DeliveryParts } => {
  const catalogue = toCatalogue(known);
  return {
    runs: {
      ...opened,
      patienceMs,
      tellConnectivity,
      relay: relayedRun(opened),
      afterRead: afterRead ?? [correlating(catalogue), evaluating(catalogue)],
    },
    delivery: { ...opened, allowPrivateWebhooks },
  };
};

const tellConnectivity: TellConnectivity = (tx, tenantId, change) =>
  emit(tx, tenantId, 'connection.health_changed', { ...change });
