import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { createAccounts, type FakeAccount } from './accounts.ts';
import { type Authority, createAuthority, type Issued } from './certificates.ts';
import type { Directory } from './directory.ts';
import type { Planted } from './plant.ts';
import type { Request } from './request.ts';
import type { SearchLimits } from './search.ts';
import { serve } from './serve.ts';

/** A domain controller on loopback that speaks LDAP, for tests and for the sample organisation. */
export interface FakeController extends AsyncDisposable {
  /** The name in its certificate. It leads to loopback only where `addresses` says so. */
  readonly host: string;
  /** For `host.ldap`: encrypted from the first byte. */
  readonly ldaps: string;
  /** For `host.ldap`: with StartTLS. */
  readonly ldap: string;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** The certificate of its authority, PEM. */
  readonly certificateAuthority: string;
  readonly account: FakeAccount;
  /** May be changed at any time. */
  readonly limits: { -readonly [Limit in keyof SearchLimits]: SearchLimits[Limit] };
  readonly directory: Directory;
  /** Everything that was asked, in order. Requests of a connection that was not encrypted are in `inClear` too. */
  readonly requests: readonly Request[];
  readonly inClear: readonly Request[];
  /** Sign-ins with a wrong password. */
  wrongPasswords(): number;
  /** Connections at this moment. */
  connections(): number;
  /** What goes wrong from now on; undefined takes it back. */
  plant(planted: Planted | undefined): void;
  /** Ends every connection and takes no more, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ControllerOptions {
  readonly host?: string;
  readonly accounts?: readonly FakeAccount[];
  readonly limits?: Partial<SearchLimits>;
  readonly authority?: Authority;
  /** Another certificate than a good one for `host` and 127.0.0.1. */
  readonly certificate?: (authority: Authority, host: string) => Issued;
  /** Where it listens; any free port where left out. */
  readonly ports?: { readonly ldaps: number; readonly ldap: number };
  /** False: StartTLS is refused, as by a controller without a certificate. */
  readonly startTls?: boolean;
}

const account = (): FakeAccount => ({
  names: ['gatehouse@sevenkingdoms.local', 'SEVENKINGDOMS\\gatehouse'],
  password: 'A Lannister always pays',
});

export const openController = async (
  directory: Directory,
  options: ControllerOptions = {},
): Promise<FakeController> => {
  const {
    host = 'dc1.sevenkingdoms.local',
    accounts = [account()],
    authority = createAuthority(),
    startTls = true,
  } = options;
  const limits = { maxPageSize: 1_000, maxValRange: 1_500, ...options.limits };
  const issued = (options.certificate ?? ((one, name) => one.issue({ names: [name, '127.0.0.1'] })))(authority, host);
  const secureContext = createSecureContext({ key: issued.privateKey, cert: issued.certificate });
  const signIns = createAccounts(accounts);
  const [first = account()] = accounts;
  const requests: Request[] = [];
  const inClear: Request[] = [];
  const sockets = new Set<Socket>();
  let planted: Planted | undefined;

  const around = {
    ...{ directory, limits, signIns },
    seen(request: Request, isEncrypted: boolean) {
      requests.push(request);
      if (!isEncrypted) inClear.push(request);
      return planted?.(request, requests.length - 1);
    },
  };
  const encrypted = (socket: Socket) => new TLSSocket(socket, { isServer: true, secureContext });
  const servers = {
    ldaps: createServer({ noDelay: true }, (socket) => {
      keep(sockets, socket);
      serve(encrypted(socket), around, null);
    }),
    ldap: createServer({ noDelay: true }, (socket) => {
      keep(sockets, socket);
      serve(socket, around, { upgrade: startTls ? () => encrypted(socket) : null });
    }),
  };
  const ports = { ldaps: 0, ldap: 0, ...options.ports };
  const start = async () => {
    ports.ldaps = await listen(servers.ldaps, ports.ldaps);
    ports.ldap = await listen(servers.ldap, ports.ldap);
  };
  const stop = async () => {
    const closed = Object.values(servers).map((server) => new Promise<void>((done) => void server.close(() => done())));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  await start();

  return {
    ...{ host, directory, limits, requests, inClear, start, stop, account: first },
    ldaps: `ldaps://${host}:${ports.ldaps}`,
    ldap: `ldap://${host}:${ports.ldap}`,
    addresses: { [host]: ['127.0.0.1'] },
    certificateAuthority: authority.certificate,
    wrongPasswords: signIns.wrongPasswords,
    connections: () => sockets.size,
    plant: (next) => {
      planted = next;
    },
    [Symbol.asyncDispose]: stop,
  };
};

const keep = (sockets: Set<Socket>, socket: Socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A server that listens on loopback has an address with a port.
      resolve((server.address() as AddressInfo).port);
    });
  });
