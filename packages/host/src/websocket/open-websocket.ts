import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { Fault } from '@gatehouse/kernel';
import { WebSocket } from 'ws';
import { wordsOf } from '../body.ts';
import { retryAfter } from '../limits.ts';
import { networkFault } from '../network.ts';
import { bounded, redact } from '../redact.ts';
import { trustOf } from '../trust.ts';
import { advices, kindOf, LimitUsedUp, Refused } from '../words.ts';
import type { WebSocketClosed, WebSocketConnection, WebSocketOptions } from './websocket.ts';

/**
 * Opens a WebSocket: no redirect is followed, no compression is spoken (the size of what is compressed tells about
 * secrets in it), and the other side has to choose one of the subprotocols.
 * @throws Fault: `unauthorized` for 401, `forbidden` for 403, `throttled` for 429, `misconfigured` for what is no such address.
 */
export const openWebSocket = async (options: WebSocketOptions): Promise<WebSocketConnection> => {
  const { system, signal, openMs = 15_000, onText, onBytes } = options;
  signal.throwIfAborted();
  const socket = connect(options);
  // One listener that stays: an error at any time must not end the process.
  let broken: unknown = null;
  socket.on('error', (error) => {
    broken ??= error;
  });
  const over = Promise.withResolvers<WebSocketClosed>();
  socket.on('close', (code, reason) => over.resolve({ code, reason: reason.toString('utf8') }));
  socket.on('message', (data, isBinary) => {
    if (isBinary && onBytes === undefined) socket.close(1003, 'Only text is spoken here.');
    // Nothing is taken in behind a close: whoever closed it has let go of everything.
    else if (socket.readyState !== WebSocket.OPEN) return;
    else if (!isBinary) onText(String(data));
    // One buffer, as the library has it unless it is told otherwise.
    else if (Buffer.isBuffer(data)) onBytes?.(data);
  });

  const stop = () => socket.terminate();
  signal.addEventListener('abort', stop, { once: true });
  over.promise.finally(() => signal.removeEventListener('abort', stop));
  try {
    await opened(socket, options, openMs);
  } catch (error) {
    socket.terminate();
    signal.throwIfAborted();
    throw error instanceof Fault ? error : networkFault(system, 'WebSocket', broken ?? error).fault;
  }
  return {
    protocol: socket.protocol,
    closed: over.promise,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(networkFault(system, 'WebSocket', error).fault) : resolve()));
      }),
    close(code, reason) {
      socket.close(code, bounded(reason, 80));
      setTimeout(stop, 3_000).unref();
    },
  };
};

const connect = (wanted: WebSocketOptions) => {
  const { url, system, protocols, headers, certificateAuthorities, proxy, openMs, maxBytes } = wanted;
  const parsed = URL.parse(url);
  const isHere = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parsed?.hostname ?? '');
  if (parsed === null || !(parsed.protocol === 'wss:' || (parsed.protocol === 'ws:' && isHere)))
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter it like https://name.example.`);
  const secureContext = trustOf(system, certificateAuthorities);
  // What is plain is on this very machine, where no proxy leads.
  const agent =
    proxy === undefined || parsed.protocol === 'ws:'
      ? undefined
      : new Agent({ proxyEnv: { HTTPS_PROXY: proxyOf(system, proxy) }, ...(secureContext && { secureContext }) });
  const options = {
    ...{ headers: { ...headers }, handshakeTimeout: openMs ?? 15_000, maxPayload: maxBytes },
    ...{ followRedirects: false, perMessageDeflate: false, secureContext, agent },
  };
  return new WebSocket(parsed, [...protocols], options);
};

const proxyOf = (system: string, proxy: string): string => {
  const parsed = URL.parse(proxy);
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed.href;
  throw new Fault(
    'misconfigured',
    `The proxy on the way to ${system} is not an address. Enter it like http://proxy.corp.example:3128.`,
  );
};

const opened = async (socket: WebSocket, { system }: WebSocketOptions, openMs: number): Promise<void> => {
  const done = Promise.withResolvers<void>();
  // The time that the library keeps ends with the answer's head; a refusal may have a body that never ends.
  const timer = setTimeout(() => done.reject(Object.assign(new Error('too slow'), { stalledMs: openMs })), openMs);
  socket.once('open', done.resolve);
  socket.once('close', () => done.reject(new Error('closed')));
  socket.once('error', done.reject);
  socket.once('unexpected-response', (_, answer) => {
    refusal(system, answer).then(done.reject, done.reject);
  });
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
  }
};

/** What an answer means that is no upgrade. */
const refusal = async (system: string, answer: IncomingMessage): Promise<Fault> => {
  const status = answer.statusCode ?? 500;
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    pieces.push(piece);
    size += piece.length;
    if (size > 4_000) break;
  }
  const said = wordsOf(new Uint8Array(Buffer.concat(pieces)));
  const detail = bounded(
    redact(`WebSocket -> ${status} ${typeof said === 'string' ? said : JSON.stringify(said)}`),
    500,
  );
  const cause = new Refused(status);
  if (status >= 300 && status < 400)
    return new Fault(
      'misconfigured',
      `The address of ${system} redirects. Enter the address that it ends at.`,
      detail,
      {
        cause,
      },
    );
  if (status === 404 || status === 200 || status === 426)
    return new Fault('misconfigured', `There is nothing to connect to at the address of ${system}.`, detail, { cause });
  const kind = kindOf(status);
  const waitMs = retryAfter(new Headers({ 'retry-after': answer.headers['retry-after'] ?? '' }), new Date());
  if ((kind === 'throttled' || status === 503) && waitMs !== null)
    return new LimitUsedUp(new Date(Date.now() + waitMs), advices.throttled(system), detail);
  return new Fault(kind, wordsFor(said) ?? advices[kind](system), detail, { cause });
};

/** The sentence of problem details or of an answer of OAuth, for people. */
const wordsFor = (said: unknown): string | null => {
  if (typeof said !== 'object' || said === null) return null;
  const words = 'detail' in said ? said.detail : 'message' in said ? said.message : null;
  return typeof words === 'string' && words.length > 0 && words.length <= 500 ? redact(words) : null;
};
