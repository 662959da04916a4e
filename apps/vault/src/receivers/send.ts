import { createSocket } from 'node:dgram';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fault } from '@gatehouse/kernel';
import type { Way } from './model.ts';

/** How long a receiver may take to connect, and to take in what it was sent. */
const connectMs = 10_000;
const answerMs = 15_000;

/**
 * Sends lines to a receiver of syslog; returning says that it has them. Over TCP and TLS each is counted in octets (RFC
 * 6587, RFC 5425), and the connection is closed from our side first: that the receiver closes its own says that it has
 * read everything, which syslog itself never says. Over UDP (RFC 5426) nobody knows; that nobody listens is told where the
 * network tells it. @throws Fault
 */
export const sendLines = (way: Way, lines: readonly string[], signal: AbortSignal): Promise<void> =>
  way.transport === 'udp' ? sendDatagrams(way, lines, signal) : sendStream(way, lines, signal);

const sendStream = async (way: Way, lines: readonly string[], signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const { host, port, transport, certificateAuthorities } = way;
  const settled = Promise.withResolvers<void>();
  const socket: Socket =
    transport === 'tls'
      ? connectTls({
          ...{ host, port, minVersion: 'TLSv1.2', allowHalfOpen: true },
          ...(isIP(host) === 0 && { servername: host }),
          ...(certificateAuthorities !== null && { ca: certificateAuthorities }),
        })
      : connectPlain({ host, port, allowHalfOpen: true });
  const stop = () => settled.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let timer = setTimeout(() => settled.reject(unanswered(way, 'no connection in time')), connectMs);
  let isClosing = false;
  socket.on('error', (error) => settled.reject(faultOf(way, error)));
  // What a receiver says is nobody's, but unread it would keep the connection open.
  socket.resume();
  socket.on(transport === 'tls' ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer);
    timer = setTimeout(() => settled.reject(unanswered(way, 'it did not take the lines in time')), answerMs);
    socket.end(Buffer.concat(lines.map(counted)), () => {
      isClosing = true;
    });
  });
  const isOver = () => {
    if (isClosing) settled.resolve();
    else settled.reject(unanswered(way, 'it closed the connection'));
  };
  socket.on('end', isOver);
  socket.on('close', isOver);
  try {
    await settled.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
};

const counted = (line: string): Buffer => {
  const bytes = Buffer.from(line);
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
};

/** How long after the last datagram the network may say that nobody listens. */
const refusalMs = 250;

const sendDatagrams = async (way: Way, lines: readonly string[], signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const { host, port } = way;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const failed = Promise.withResolvers<never>();
  const stop = () => failed.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  socket.on('error', (error) => failed.reject(faultOf(way, error)));
  const send = async () => {
    await new Promise<void>((resolve) => socket.connect(port, host, resolve));
    for (const [at, line] of lines.entries()) {
      // A receiver drops what comes faster than it reads.
      if (at % 20 === 19) await sleep(10);
      await new Promise<void>((resolve, reject) =>
        socket.send(line, (error) => (error === null ? resolve() : reject(faultOf(way, error)))),
      );
    }
    await sleep(refusalMs);
  };
  try {
    await Promise.race([send(), failed.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    socket.close();
  }
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const faultOf = ({ host, port, transport }: Way, error: Error): Fault => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const place = `${host}:${port}`;
  if (/CERT|ALTNAME|ISSUER|SIGNATURE|SSL|TLS|EPROTO/.test(code))
    return new Fault(
      'misconfigured',
      `The certificate of ${place} is not trusted for this name, or it does not speak TLS. Enter its authority in PEM form.`,
      code,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Fault('unreachable', `The name ${host} is not known. Check its spelling.`, code);
  if (code === 'ECONNREFUSED')
    return new Fault(
      'unreachable',
      `Nobody listens at ${place} (${transport.toUpperCase()}). Start the receiver.`,
      code,
    );
  return new Fault('unreachable', `${place} cannot be reached, or broke the connection.`, code || error.message);
};

const unanswered = ({ host, port }: Way, what: string) =>
  new Fault('unreachable', `${host}:${port} did not take the entries in: ${what}.`, what);
