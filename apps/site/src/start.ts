import { type Database, openDatabase } from '@gatehouse/database';
import { type Clock, type Secret, systemClock } from '@gatehouse/kernel';
import { type MailRoom, openMailRoom } from '@gatehouse/mail';
import { limits } from '@gatehouse/remote-access/ecm';
import { jumpProgram } from '@gatehouse/remote-access/jump';
import {
  type AppLink,
  createLog,
  createServer,
  type Log,
  loadSigningKey,
  type Network,
  openRelease,
  type Server,
  type SignInOptions,
} from '@gatehouse/server';
import { type EcmHub, openEcmHub, type Pace } from './ecm/index.ts';
import { createJumpoints, type JumpHub, type JumpPace, openJumpClients } from './jump-clients/index.ts';
import { migrations } from './migrations.ts';
import { type Outbound, openOutbound } from './outbound-events/index.ts';
import { openLinks } from './reporting/index.ts';
import { startSweep } from './retention/index.ts';
import { serveSite } from './routes.ts';
import { openSessions, type SessionPace, type Sessions } from './sessions/index.ts';
import { openSupport, type Support } from './support/index.ts';

export interface SiteOptions {
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
  /** Waits of the ECM hub that are not the usual ones. */
  readonly ecmPace?: Partial<Pace>;
  /** Folder of the program of Jump Clients, and its version where that is not the site's. */
  readonly jumpClientRelease?: string;
  readonly jumpClientVersion?: string;
  /** Waits of the hub of Jump Clients that are not the usual ones. */
  readonly jumpPace?: Partial<JumpPace>;
  /** Waits of sessions that are not the usual ones. */
  readonly sessionPace?: Partial<SessionPace>;
  /** Between two looks for sessions that the retention does not keep. */
  readonly sweepMs?: number;
  /** Between two looks for what is over in remote support. */
  readonly supportSweepMs?: number;
  /** Lets outbound events reach private and loopback addresses. */
  readonly allowPrivateWebhooks?: boolean;
  /** Waits of outbound events that are not the usual ones. */
  readonly outboundPace?: { readonly everyMs?: number; readonly leaseMs?: number; readonly timeoutMs?: number };
  /** Waits of mail that are not the usual ones. */
  readonly mailPace?: { readonly everyMs?: number; readonly leaseMs?: number };
  /** How often a page is asked whether it is there, where that is not as usual. */
  readonly beatMs?: number;
}

export interface Site {
  readonly url: string;
  readonly firstAdministratorLink: string | null;
  readonly database: Database;
  readonly server: Server;
  readonly ecm: EcmHub;
  readonly jump: JumpHub;
  readonly sessions: Sessions;
  readonly support: Support;
  readonly outbound: Outbound;
  readonly mail: MailRoom;
  /** Ends within five seconds. */
  close(): Promise<void>;
}

const program = { id: 'site', title: 'Gatehouse Site', version: '0.1.0' };

/** The composition of the site. Throws a StartFault whose sentence names what to change. */
export const startSite = async (options: SiteOptions): Promise<Site> => {
  const { databaseUrl, home, network, apps = [], clock = systemClock, log = createLog('site') } = options;
  const database = await openDatabase({ url: databaseUrl, migrations, poolSize: 20, keepsStatements: true });
  try {
    const server = await createServer({
      ...{ program, database, log, home, network, apps },
      // One organisation: there are no tenants, and so no roles in them.
      findTenantRole: async () => null,
      webSockets: {
        maxBytes: limits.messageBytes,
        ...(options.beatMs !== undefined && { beatMs: options.beatMs }),
      },
      // A file that goes to an endpoint comes as slowly as the person's line is.
      requestMs: 4 * 3_600_000,
      ...(options.signIn && { signIn: options.signIn }),
      ...(options.pages !== undefined && { pages: options.pages }),
      // Remote desktops are drawn by a program of WebAssembly.
      pageRights: { webAssembly: true, video: true },
    });
    const { version } = program;
    const ecm = await openEcmHub({ database, clock, log, server, version, pace: options.ecmPace ?? {} });
    const { processId, door } = ecm;
    const releaseKey = await loadSigningKey(home, program.id, 'release');
    const release = await openRelease({
      ...{ folder: options.jumpClientRelease, setting: '--jump-client-release', program: jumpProgram },
      ...{ version: options.jumpClientVersion ?? version, key: releaseKey },
    });
    const jump = openJumpClients({
      ...{ release, releaseKey: releaseKey.publicKey },
      database,
      clock,
      log,
      processId,
      server,
      pace: options.jumpPace ?? {},
    });
    const { sealer, baseUrl } = server;
    const sessions = openSessions({
      ...{ database, clock, log, sealer, door, processId, jumpoints: createJumpoints({ database, hub: jump }) },
      ...(options.sessionPace && { pace: options.sessionPace }),
    });
    const support = await openSupport({
      ...{ database, databaseUrl, clock, log, sealer, baseUrl, processId },
      everyMs: options.supportSweepMs ?? 60_000,
    });
    const links = await openLinks(database, sealer);
    const outbound = openOutbound({
      ...{ database, databaseUrl, clock, log, sealer, allowPrivate: options.allowPrivateWebhooks ?? false },
      ...options.outboundPace,
    });
    const mail = openMailRoom({ database, clock, log, sealer, ...options.mailPace });
    const startedAt = clock.now();
    const parts = { database, clock, log, version, startedAt, ...ecm, jump, sessions, support, outbound, links, mail };
    serveSite(server, parts);
    const url = await server.listen();
    const sweep = startSweep({ database, clock, log, processId, everyMs: options.sweepMs ?? 600_000 });
    const close = async () => {
      // First, so that whoever is in a session is told, and their credentials are given back while ECMs are there.
      await Promise.all([sessions, sweep, support, outbound, mail, jump].map((one) => one.close()));
      await server.close();
      await ecm.close();
      await database.close();
    };
    return {
      url,
      firstAdministratorLink: await server.firstAdministratorLink(),
      database,
      server,
      ecm,
      jump,
      sessions,
      support,
      outbound,
      mail,
      close,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
};
