import {
  type CallOptions,
  closings,
  createPeer,
  EcmError,
  type Params,
  type Peer,
  protocolVersions,
  type Result,
} from '@gatehouse/remote-access/ecm';
import type { Log, ServerSocket, SocketListener } from '@gatehouse/server';
import type { Account } from '../oauth/index.ts';
import type { EcmIdentity } from './model.ts';

type Asked = 'credentials.list' | 'credentials.retrieve' | 'credentials.release' | 'health.check';

/** One ECM that is connected to this copy of the program. */
export interface EcmConnection {
  readonly clientId: string;
  /** As it was when the ECM connected. */
  readonly account: Account;
  readonly address: string;
  /** Null until it has greeted. */
  readonly identity: EcmIdentity | null;
  /** It has greeted and told its leases, so that it may be asked. */
  readonly isReady: boolean;
  readonly requests: number;
  /** The advice of the last request that failed. */
  readonly lastError: string | null;
  call<M extends Asked>(method: M, params: Params<M>, options: CallOptions): Promise<Result<M>>;
  close(code: number, reason: string): void;
}

export interface ConnectionParts {
  readonly clientId: string;
  readonly account: Account;
  readonly address: string;
  readonly site: { readonly name: string; readonly version: string };
  readonly greetMs: number;
  readonly log: Log;
  /** Its greeting is written down before it is answered. */
  onGreeting(greeting: {
    readonly name: string;
    readonly version: string;
    readonly plugin: string | null;
  }): Promise<void>;
  /** Which of its leases belong to sessions that live. */
  findLive(leases: readonly string[]): Promise<readonly string[]>;
  onReady(): void;
  onReleased(lease: string, why: 'asked' | 'expired' | 'session-over'): Promise<void>;
  onClosed(): void;
}

/** Nothing was heard for so long: a side asks whether the other one is there. */
const pingMs = 15_000;

/** Serves an ECM over a socket, as docs/ecm-protocol.md says. */
export const connectEcm = (
  socket: ServerSocket,
  parts: ConnectionParts,
): { readonly connection: EcmConnection; readonly listener: SocketListener } => {
  const { clientId, account, address, site, log } = parts;
  const state = { name: null as string | null, isReady: false, requests: 0, lastError: null as string | null };
  const slow = setTimeout(() => socket.close(closings.silent, 'There was no greeting in time.'), parts.greetMs);

  const peer: Peer<'site'> = createPeer({
    side: 'site',
    serves: {
      async hello({ name, version, plugin, protocols }) {
        const protocol = protocolVersions.find((ours) => protocols.includes(ours));
        if (protocol === undefined)
          throw new EcmError('invalid_params', 'The site speaks none of these versions.', 'protocols');
        await parts.onGreeting({ name, version, plugin: plugin?.name ?? null });
        state.name = name;
        return { protocol, site, window: 64, pingMs };
      },
      async 'leases.open'({ leases, last }) {
        const live = await parts.findLive(leases.map(({ lease }) => lease));
        if (last && !state.isReady) {
          clearTimeout(slow);
          state.isReady = true;
          parts.onReady();
        }
        return { live: [...live] };
      },
      async 'credentials.released'({ lease, why }) {
        await parts.onReleased(lease, why);
        return {};
      },
    },
    send: socket.send,
    close: socket.close,
    report: (error) => log.error({ err: error, ecm: state.name }, 'a message of an ECM could not be worked on'),
  });

  const connection: EcmConnection = {
    ...{ clientId, account, address },
    get identity() {
      return state.name === null ? null : { accountId: account.id, name: state.name };
    },
    get isReady() {
      return state.isReady;
    },
    get requests() {
      return state.requests;
    },
    get lastError() {
      return state.lastError;
    },
    async call(method, params, options) {
      state.requests++;
      try {
        return await peer.call(method, params, options);
      } catch (error) {
        if (error instanceof EcmError && error.kind !== 'cancelled') state.lastError = error.advice.slice(0, 500);
        throw error;
      }
    },
    close: (code, reason) => {
      state.isReady = false;
      socket.close(code, reason);
      peer.end(reason);
    },
  };
  return {
    connection,
    listener: {
      text: peer.receive,
      closed() {
        clearTimeout(slow);
        state.isReady = false;
        peer.end('The connection to the ECM was lost.');
        parts.onClosed();
      },
    },
  };
};
