import type { IncomingMessage } from 'node:http';
import fastifyWebsocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { Problem, problems } from './problem.ts';

/** A program that takes WebSockets says so, and how long a message may be; larger ones end the connection with 1009. */
export interface WebSocketLimits {
  readonly maxBytes: number;
  /** How often a page is asked whether it is there; one that says nothing until the next time is cut off. Default 20,000. */
  readonly beatMs?: number;
}

/** The server's end of a connection that carries messages both ways. */
export interface ServerSocket {
  /** Text, or bytes as one binary message. Resolves when the network took it; rejects where the connection is gone. */
  send(message: string | Uint8Array): Promise<void>;
  /** Takes no more messages until `resume`: for a listener that cannot keep up. */
  pause(): void;
  resume(): void;
  /** Ends it: politely, then after a second for good. */
  close(code: number, reason: string): void;
}

/** What becomes of a connection. */
export interface SocketListener {
  /** One text message, in order. */
  text(text: string): void;
  /** One binary message, in order. Left out: such a message ends the connection with 1003. */
  bytes?(bytes: Buffer): void;
  /** It is over, whoever ended it. Called once. */
  closed(): void;
}

export interface WebSocketRoute {
  readonly path: string;
  /**
   * `program`: `admit` finds out who it is. `public`: the same for a page of ours that nobody signed in to. Otherwise a
   * page connects, and is cut off (4401) when its person may not any more.
   */
  readonly access: 'program' | 'public' | 'signed-in' | 'system-administrator';
  /**
   * What the connection may be called in `Sec-WebSocket-Protocol`, the best first. Whoever offers none is refused with
   * 400; an empty list asks for none.
   */
  readonly subprotocols: readonly string[];
  /**
   * Who may connect, asked before anything is agreed. What it answers takes the connection.
   * @throws Problem that the request is answered with instead
   */
  admit(request: FastifyRequest): Promise<(socket: ServerSocket) => SocketListener>;
}

const chosen = new WeakMap<IncomingMessage, string>();
const patienceMs = 1_000;
const accessMs = 30_000;
const usualBeatMs = 20_000;
/** A message that waited so long was behind others that somebody took. */
const waitedMs = 250;
/** Of the server of an app. */
const beats = new WeakMap<object, number>();

/** Lets a program have routes that become WebSockets. Nothing is compressed: its size would tell about secrets. */
export const takeWebSockets = async (
  app: FastifyInstance,
  { maxBytes, beatMs = usualBeatMs }: WebSocketLimits,
): Promise<void> => {
  await app.register(fastifyWebsocket, {
    options: {
      ...{ maxPayload: maxBytes, perMessageDeflate: false, clientTracking: true },
      handleProtocols: (_offered, request) => chosen.get(request) ?? false,
    },
    // The library has closed it with the code that says what was wrong with a frame.
    errorHandler: (error, _socket, request) => request.log.info({ err: error }, 'a WebSocket ended with an error'),
    async preClose() {
      for (const socket of app.websocketServer.clients) end(socket, 1001, 'The server stops.');
      app.websocketServer.close();
    },
  });
  beats.set(app.websocketServer, beatMs);
  // The library would agree to an upgrade of every route, and end it again.
  app.addHook('preHandler', async (request) => {
    if (request.ws && !request.routeOptions.config.isWebSocket) throw problems.notFound();
  });
};

declare module 'fastify' {
  interface FastifyContextConfig {
    isWebSocket?: true;
  }
}

/** A route of a program that `createServer` was told to take WebSockets for. */
export const serveWebSocket = (app: App, { path, access, subprotocols, admit }: WebSocketRoute): void => {
  const admitted = new WeakMap<FastifyRequest, (socket: ServerSocket) => SocketListener>();
  app.route({
    ...{ method: 'GET', url: path, exposeHeadRoute: false },
    config: { access, isWebSocket: true },
    schema: { hide: true },
    preHandler: async (request) => {
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
      const subprotocol = subprotocols.find((name) => offered.includes(name));
      if (!request.ws) throw notAgreed('This address is for WebSockets.');
      if (subprotocol !== undefined) chosen.set(request.raw, subprotocol);
      else if (subprotocols.length > 0) throw notAgreed(`Offer the subprotocol ${subprotocols.join(' or ')}.`);
      admitted.set(request, await admit(request));
    },
    handler: async () => {
      throw notAgreed('This address is for WebSockets.');
    },
    wsHandler: (socket, request) => {
      const open = admitted.get(request);
      if (open === undefined) return end(socket, 1011, 'Nobody was admitted.');
      const { heard } = listen(socket, open);
      if (access === 'program') return;
      if (access !== 'public') endWithAccess(app, socket, request);
      endSilent(socket, beats.get(app.websocketServer) ?? usualBeatMs, heard);
    },
  });
};

/** A page keeps its connection no longer than its person is signed in. */
const endWithAccess = (app: App, socket: WebSocket, request: FastifyRequest): void => {
  const watch = app.watchAccess(request, accessMs);
  watch.signal.addEventListener('abort', () => end(socket, 4401, 'You are not signed in any more.'), { once: true });
  socket.once('close', () => watch.end());
};

/**
 * A network that only swallows what is sent ends no connection: a page that does not answer a ping is gone. Programs ask
 * one another in words of their own.
 */
const endSilent = (socket: WebSocket, beatMs: number, heard: () => number): void => {
  let answeredAt = performance.now();
  let askedAt: number | null = null;
  socket.on('pong', () => {
    answeredAt = performance.now();
  });
  const timer = setInterval(() => {
    // While nothing is taken in, an answer is not seen either.
    if (socket.isPaused) askedAt = null;
    else if (askedAt !== null && Math.max(answeredAt, heard()) < askedAt) return socket.terminate();
    askedAt = performance.now();
    socket.ping();
  }, beatMs);
  socket.once('close', () => clearInterval(timer));
};

const listen = (
  socket: WebSocket,
  open: (socket: ServerSocket) => SocketListener,
): { /** When the other side was last known to be there. */ heard(): number } => {
  let heardAt = performance.now();
  const listener = open({
    send: (message) =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        socket.send(message, (error) => {
          if (error) return reject(error);
          // However slow its line is: somebody takes what is sent.
          if (performance.now() - began > waitedMs) heardAt = performance.now();
          resolve();
        });
      }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: (code, reason) => end(socket, code, reason),
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heardAt = performance.now();
    if (isBinary && listener.bytes === undefined) return end(socket, 1003, 'Only text is taken here.');
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) listener.bytes?.(data);
    else listener.text(data.toString('utf8'));
  });
  socket.on('close', () => listener.closed());
  return { heard: () => heardAt };
};

const notAgreed = (detail: string) => new Problem(400, 'bad-request', 'No WebSocket was agreed on', detail);

/** Whoever does not answer a farewell is cut off. */
const end = (socket: WebSocket, code: number, reason: string): void => {
  socket.close(code, reason.slice(0, 100));
  const timer = setTimeout(() => socket.terminate(), patienceMs);
  socket.once('close', () => clearTimeout(timer));
};
