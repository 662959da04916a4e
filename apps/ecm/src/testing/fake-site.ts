import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from '@gatehouse/host/testing';
import { createSecond, type SecondSide, secondKey } from '@gatehouse/remote-access/ecm/testing';

type Json = Readonly<Record<string, unknown>>;

/** A site as docs/ecm-protocol.md and the API of tokens describe it, and nothing of ours in it. */
export interface FakeSite {
  readonly url: string;
  /** The ECM that is connected and has told its leases; waits for one. */
  connected(): Promise<SecondSide>;
  /** Sessions that live, by their lease. */
  readonly live: Set<string>;
  /** Leases of which the ECM said that they have ended. */
  readonly released: Set<string>;
  /** Everything that crossed the wire, as text. */
  readonly wire: string[];
  /** Names of methods that the ECM called, in order. */
  readonly called: string[];
  readonly knobs: { refuse: number | null; tokenOk: boolean };
  readonly tokens: number;
  /** Asks for a credential and opens what comes. */
  retrieve(lease: string, more?: Json): Promise<Json>;
  /** Cuts every connection. */
  cut(): void;
  /** Refuses the token of the connection that is open. */
  expire(): void;
  close(): Promise<void>;
  /** Answers again, at the same address, and remembers no session. */
  restart(): Promise<void>;
}

export const startFakeSite = async (tls?: {
  readonly key: string;
  readonly certificate: string;
}): Promise<FakeSite> => {
  const live = new Set<string>();
  const released = new Set<string>();
  const wire: string[] = [];
  const called: string[] = [];
  const knobs: FakeSite['knobs'] = { refuse: null, tokenOk: true };
  const tokens: string[] = [];
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 262_144, perMessageDeflate: false });
  const open = new Set<Socket>();
  let arrived = Promise.withResolvers<SecondSide>();
  let isThere = false;
  /** The connection is gone: whoever waits from now on waits for the next one. */
  const gone = () => {
    if (!isThere) return;
    isThere = false;
    arrived = Promise.withResolvers();
  };

  const make = () => {
    const server = tls ? createTlsServer({ key: tls.key, cert: tls.certificate }) : createServer();
    server.on('connection', (socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response) => {
      const given = Buffer.from(String(request.headers.authorization).replace('Basic ', ''), 'base64').toString();
      if (request.url !== '/oauth2/token' || given !== 'client-1:client-secret' || !knobs.tokenOk) {
        response.writeHead(401, { 'content-type': 'application/json' });
        return response.end('{"error":"invalid_client","message":"Client authentication failed."}');
      }
      tokens.push(`site-token-${tokens.length}-abcdef`);
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ access_token: tokens.at(-1), token_type: 'Bearer', expires_in: 3600 }));
    });
    server.on('upgrade', (request, socket, head) => {
      const isKnown = request.headers.authorization === `Bearer ${tokens.at(-1)}`;
      const status = knobs.refuse ?? (request.url === '/api/ecm/v1' && isKnown ? null : 401);
      if (status !== null)
        return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      sockets.handleUpgrade(request, socket, head, (ws) => {
        const side = createSecond((text) => {
          wire.push(text);
          ws.send(text);
        }, serve);
        function serve(method: string, params: Json): Json {
          called.push(method);
          if (method === 'hello')
            return { protocol: 1, site: { name: 'fake', version: '1' }, window: 16, pingMs: 30_000 };
          if (method === 'credentials.released') released.add(String(params.lease));
          if (method !== 'leases.open') return {};
          if (params.last === true) {
            isThere = true;
            arrived.resolve(side);
          }
          const leases: readonly unknown[] = Array.isArray(params.leases) ? params.leases : [];
          return { live: leases.map((one) => Object(one).lease).filter((lease) => live.has(lease)) };
        }
        ws.on('message', (data) => {
          wire.push(String(data));
          side.receive(String(data));
        });
        ws.on('error', () => undefined);
        ws.on('close', () => Object.is(current, side) && gone());
        current = side;
      });
    });
    return server;
  };
  let current: SecondSide | null = null;
  let server = make();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    gone();
    for (const socket of open) socket.destroy();
  };

  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    ...{ live, released, wire, called, knobs, cut },
    get tokens() {
      return tokens.length;
    },
    connected: () => arrived.promise,
    expire() {
      gone();
      for (const ws of sockets.clients) ws.close(4401, 'over');
    },
    async retrieve(lease, more = {}) {
      const key = secondKey();
      const wanted = {
        ...{ lease, credential: 'web1/root', person: 'NS\\sarcher', publicKey: key.publicKey, reason: 'test' },
        endpoint: { hostname: 'web1', address: null, domain: null },
        ...{ ticket: null, expiresInMs: 600_000, correlation: `c-${lease}`, ...more },
      };
      const side = await arrived.promise;
      const answer = await side.ask('credentials.retrieve', wanted);
      if (answer.state !== 'ready') return answer;
      const { credential, correlation } = wanted;
      return key.open(answer.sealed, { lease, credential, correlation });
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
    async restart() {
      live.clear();
      server = make();
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
};
