import { once } from 'node:events';
import { WebSocket } from '@gatehouse/host/testing';
import { createSecond, type SecondSide } from '@gatehouse/remote-access/ecm/testing';

type Json = Readonly<Record<string, unknown>>;

/** An ECM as docs/ecm-protocol.md describes it, and nothing of ours in it. */
export interface SecondEcm {
  readonly name: string;
  readonly side: SecondSide;
  readonly socket: WebSocket;
  /** Methods and params that the site called it with, in order. */
  readonly called: { readonly method: string; readonly params: Json }[];
  /** With the close code. */
  readonly closed: Promise<number>;
  /** What the site says of leases that it still has. */
  tellLeases(...leases: readonly string[]): Promise<readonly string[]>;
}

export interface SecondOptions {
  readonly token: string;
  readonly name?: string;
  readonly leases?: readonly string[];
  serve?(method: string, params: Json, ecm: SecondEcm): Promise<Json> | Json;
}

const offered = 'gatehouse-ecm.v1';

/** The status with which the site answers the wish to connect. */
export const knock = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  protocols: readonly string[] = [offered],
  path = '/api/ecm/v1',
): Promise<number> => {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, [...protocols], { headers });
  socket.on('error', () => undefined);
  const answered = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_request, response) => answered.resolve(response.statusCode ?? 0));
  socket.on('open', () => answered.resolve(101));
  const status = await answered.promise;
  socket.terminate();
  return status;
};

/** Connected, greeted, and its leases told. */
export const connectSecond = async (url: string, options: SecondOptions): Promise<SecondEcm> => {
  const { token, name = 'second', leases = [], serve = () => ({ credentials: [], truncated: false }) } = options;
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/ecm/v1`, [offered], {
    headers: { authorization: `Bearer ${token}` },
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  const called: SecondEcm['called'] = [];
  const side = createSecond(
    (text) => socket.send(text),
    (method, params) => {
      called.push({ method, params });
      return serve(method, params, ecm);
    },
  );
  socket.on('message', (data) => side.receive(String(data)));
  const closed = once(socket, 'close').then(([code, reason]) => {
    side.lose(`closed with ${code} ${reason}`);
    return Number(code);
  });
  const tellLeases: SecondEcm['tellLeases'] = async (...told) => {
    const answer = await side.ask('leases.open', {
      leases: told.map((lease) => ({ lease, state: 'held', remainingMs: 60_000 })),
      last: true,
    });
    return Array.isArray(answer.live) ? answer.live : [];
  };
  const ecm: SecondEcm = { name, side, socket, called, closed, tellLeases };
  const plugin = { id: 'memory', name: 'Memory Vault', impersonation: 'none' };
  await side.ask('hello', { name, version: '9.9', plugin, protocols: [1], window: 8 });
  await ecm.tellLeases(...leases);
  return ecm;
};
