import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { type Clock, Fault } from '@gatehouse/kernel';
import { ExtendedRequest } from 'ldapts';
import { lookupAt } from '../lookup-at.ts';
import { parseMessage } from './answer.ts';
import { connectFault, startTlsFault } from './connect-faults.ts';
import type { Controller } from './controller.ts';
import { createFrames } from './frames.ts';

/** How controllers are reached and whom they must be able to prove themselves to. */
export interface Ways {
  readonly system: string;
  readonly trust: SecureContext;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly connectMs: number;
  readonly clock: Clock;
}

/**
 * An encrypted connection to a controller whose certificate is trusted, in time, and for this name. There is no other
 * way to a connection, so nothing is ever said in the clear but the request to encrypt. Throws an LdapFault.
 */
export const openTls = async (controller: Controller, ways: Ways, signal: AbortSignal): Promise<TLSSocket> => {
  const { system, trust, addresses, connectMs, clock } = ways;
  const { host, port, encryption } = controller;
  signal.throwIfAborted();
  const lookup = addresses === undefined ? {} : { lookup: lookupAt(addresses[host] ?? []) };
  const plain = connectPlain({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, ...lookup });
  // One listener that stays: an error between two steps must not end the process.
  plain.on('error', () => undefined);
  const stop = () => void plain.destroy(toError(signal.reason));
  const timer = setTimeout(() => plain.destroy(Object.assign(new Error('too slow'), { code: 'timeout' })), connectMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await happens(plain, 'connect');
    if (encryption === 'startTls') {
      const refusal = await askForTls(plain);
      if (refusal !== null) throw startTlsFault(system, controller, refusal);
    }
    // An address has no server name (RFC 6066 3), but is compared with the certificate all the same.
    const secure = connectTls({ socket: plain, host, servername: isIP(host) === 0 ? host : '', secureContext: trust });
    secure.on('error', () => undefined);
    // Losing the connection below is losing the one above.
    plain.once('error', (error) => secure.destroy(error));
    await happens(secure, 'secureConnect');
    return secure;
  } catch (cause) {
    plain.destroy();
    signal.throwIfAborted();
    throw cause instanceof Fault ? cause : connectFault(system, controller, cause, clock.now());
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
};

/** Null when the controller agreed; else what it said. */
const askForTls = async (socket: Socket): Promise<string | null> => {
  const frames = createFrames(64 * 1024);
  socket.write(new ExtendedRequest({ messageId: 1, oid: '1.3.6.1.4.1.1466.20037' }).write());
  for (;;) {
    const [message, ...more] = frames.push(await nextBytes(socket));
    if (message === undefined) continue;
    const answer = parseMessage(message);
    if (answer.kind !== 'result' || answer.operation !== 'extended') return 'another answer';
    // Whatever came behind the answer was not encrypted and must not count as if it had been.
    if (more.length > 0 || frames.held() > 0) return 'something behind its answer';
    return answer.result.code === 0 ? null : `${answer.result.code} ${answer.result.diagnostic}`;
  }
};

const nextBytes = async (socket: Socket): Promise<Buffer> => {
  const bytes = Promise.withResolvers<Buffer>();
  const broken = () => bytes.reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  socket.once('data', bytes.resolve).once('error', bytes.reject).once('end', broken).once('close', broken);
  try {
    return await bytes.promise;
  } finally {
    socket.pause();
    socket.off('data', bytes.resolve).off('error', bytes.reject).off('end', broken).off('close', broken);
  }
};

const happens = async (socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> => {
  const done = Promise.withResolvers<void>();
  const broken = () => done.reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  socket.once(event, done.resolve).once('error', done.reject).once('close', broken);
  try {
    await done.promise;
  } finally {
    socket.off(event, done.resolve).off('error', done.reject).off('close', broken);
  }
};

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));
