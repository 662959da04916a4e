import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { PassThrough, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isDiskFull, type Log } from '@gatehouse/host/agent';
import { Fault, type Secret } from '@gatehouse/kernel';
import { bulkLines, NoBulk } from './bulk-lines.ts';
import type { Delivery, EventQueue } from './event-queue.ts';
import { holdsToken } from './token.ts';

/**
 * Takes events over HTTP from whoever has the token, and answers when they are on disk.
 *
 * - `POST /` or any other path: JSON (documents, arrays, lines) and XML, as NXLog and scripts send them; 204.
 * - `POST /_bulk`, `/<index>/_bulk`: Elasticsearch's bulk API as far as Winlogbeat uses it.
 * - `GET /`, `/_license`: what Winlogbeat asks before it sends.
 */
export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: Secret;
  /** PEM. Left out: without encryption. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly queue: EventQueue;
  readonly log: Log;
  /** Bytes of one delivery after decompression. Default 64 MiB. */
  readonly mostBytes?: number;
  /** Milliseconds in which a request must be here. Default one minute. */
  readonly requestMs?: number;
}

/** Deliveries that are taken in at once; others wait a moment and come again. */
const mostAtOnce = 32;

/** @throws Fault `misconfigured` where it cannot listen */
export const openReceiver = async (options: ReceiverOptions): Promise<Receiver> => {
  const { address, port, tls, log, requestMs = 60_000 } = options;
  let underWay = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-elastic-product', 'Elasticsearch');
    if (!holdsToken(request.headers, options.token)) {
      response.setHeader('www-authenticate', 'Bearer');
      return refuse(request, response, 401, 'The token is missing or another one.');
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'GET' || request.method === 'HEAD') return answerQuestion(path, request, response);
    if (request.method !== 'POST' && request.method !== 'PUT')
      return refuse(request, response, 405, 'Events are sent with POST.');
    if (underWay >= mostAtOnce) {
      response.setHeader('retry-after', '1');
      return refuse(request, response, 429, 'Too many send at once.');
    }
    underWay++;
    try {
      await receive(options, path, request, response);
    } finally {
      underWay--;
    }
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((error: unknown) => {
      // Whoever sends went away, mostly; what was not acknowledged comes again.
      log.write('debug', 'A delivery of events ended early.', { why: error instanceof Error ? error.message : '' });
      response.destroy();
    });
  };
  const bounds = {
    ...{ requestTimeout: requestMs, headersTimeout: Math.min(requestMs, 20_000), maxHeaderSize: 16_384 },
    ...{ keepAliveTimeout: 60_000, connectionsCheckingInterval: Math.min(requestMs, 5_000) },
  };
  let server: Server;
  try {
    server =
      tls === undefined
        ? createPlainServer(bounds, listener)
        : createTlsServer({ ...bounds, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
  } catch (error) {
    throw new Fault(
      'misconfigured',
      'The certificate of the receiver of events, or its key, cannot be used.',
      wordsOf(error),
    );
  }
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Fault(
          'misconfigured',
          `Events cannot be received on ${address}, port ${port}. Does another program use it?`,
          wordsOf(error),
        ),
      ),
    );
    server.listen(port, address, resolve);
  });
  server.on('error', (error) => log.write('warn', 'The receiver of events failed.', { why: error.message }));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** As a server of Elasticsearch that Winlogbeat of the versions 7 to 9 sends to. */
const answerQuestion = (path: string, request: IncomingMessage, response: ServerResponse): void => {
  const words = answers[path];
  if (words === undefined) refuse(request, response, 404, 'There is nothing to read here.');
  else answer(response, 200, words);
};

const license = { license: { status: 'active', uid: 'gatehouse', type: 'basic' } };
const answers: Readonly<Record<string, unknown>> = {
  '/': {
    ...{ name: 'gatehouse-collector', cluster_name: 'gatehouse', cluster_uuid: 'gatehouse' },
    version: { number: '9.9.9', build_flavor: 'default', minimum_wire_compatibility_version: '7.17.0' },
    tagline: 'You Know, for Search',
  },
  '/_license': license,
  '/_xpack/license': license,
};

const receive = async (options: ReceiverOptions, path: string, request: IncomingMessage, response: ServerResponse) => {
  const { queue, log, mostBytes = 64 * 2 ** 20 } = options;
  const began = performance.now();
  const { 'content-encoding': encoding = 'identity', 'content-length': announced } = request.headers;
  if (Number(announced ?? 0) > mostBytes) return refuse(request, response, 413, tooLarge(mostBytes));
  if (!/^(?:identity|gzip|x-gzip)$/i.test(encoding)) return refuse(request, response, 415, 'Only gzip is understood.');
  const bulk = /(?:^|\/)_bulk\/?$/.test(path) ? bulkLines() : null;
  const delivery = await queue.begin();
  try {
    const [first, ...others] = [
      /gzip/i.test(encoding) ? createGunzip() : new PassThrough(),
      atMost(mostBytes),
      bulk?.stream ?? beginsLikeEvents(),
      into(delivery),
    ] as const;
    // Not in the pipeline, which would take its connection down: whoever sends must still hear what is wrong.
    request.pipe(first);
    request.once('close', () => {
      if (!request.complete) first.destroy(new BrokenOff());
    });
    await pipeline(first, ...others);
    await delivery.commit();
  } catch (error) {
    await delivery.drop();
    const [status, words] = refusalOf(error, mostBytes);
    if (status >= 500) log.write('error', `Events cannot be kept: ${words}`, { why: wordsOf(error) });
    return refuse(request, response, status, words);
  }
  if (bulk === null) {
    response.writeHead(204).end();
    return;
  }
  answer(response, 200, {
    ...{ took: Math.round(performance.now() - began), errors: false },
    items: bulk.actions.map((action) => ({ [action]: { _index: 'events', _id: '', status: 201 } })),
  });
};

const into = (delivery: Delivery) =>
  new Writable({
    write(chunk: Buffer, _, done) {
      delivery.write(chunk).then(() => done(), done);
    },
  });

class BrokenOff extends Error {}
class TooMuch extends Error {}
class NoEvents extends Error {}

const atMost = (most: number) => {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length;
      if (length > most) done(new TooMuch());
      else done(null, chunk);
    },
  });
};

/** So that whoever sends something else hears it at once. */
const beginsLikeEvents = () => {
  let hasBegun = false;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const first = hasBegun ? undefined : chunk.find((byte) => byte > 0x20);
      if (first === undefined) return done(null, chunk);
      hasBegun = true;
      // { [ < and the byte order marks
      if ([0x7b, 0x5b, 0x3c, 0xef, 0xff, 0xfe].includes(first)) done(null, chunk);
      else done(new NoEvents());
    },
    flush: (done) => (hasBegun ? done() : done(new NoEvents())),
  });
};

const tooLarge = (most: number) => `More than ${most} bytes at once. Send fewer events at a time.`;

const refusalOf = (error: unknown, most: number): readonly [status: number, words: string] => {
  if (error instanceof TooMuch) return [413, tooLarge(most)];
  if (error instanceof NoEvents) return [400, 'Events are sent as JSON or XML.'];
  if (error instanceof NoBulk) return [400, `This is not the bulk API: ${error.message}.`];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return [400, 'The gzip is damaged.'];
  if (error instanceof BrokenOff) throw error;
  if (error instanceof Fault && error.kind === 'throttled') return [413, error.advice];
  return isDiskFull(error) ? [507, 'The disk is full.'] : [500, 'The events could not be written down.'];
};

/** How long the rest of what was refused is taken and thrown away, so that the answer is not lost under it. */
const drainMs = 5_000;

const refuse = (request: IncomingMessage, response: ServerResponse, status: number, reason: string): void => {
  const body = { error: { type: 'refused', reason }, status };
  if (request.complete) {
    answer(response, status, body);
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), connection: 'close' },
  });
  response.write(text);
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), drainMs);
  request.once('end', () => response.end());
  request.on('error', () => undefined);
  request.once('close', () => {
    clearTimeout(timer);
    if (!request.complete) socket.destroy();
  });
  request.resume();
};

const answer = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : typeof error);
