import type { Server as HttpServer } from 'node:http';
import { type Database, type Sql, StartFault } from '@gatehouse/database';
import { newId, type PersonId, type Secret } from '@gatehouse/kernel';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { Registry } from 'prom-client';
import type { Act } from './access.ts';
import { checkAccess, type FindTenantRole } from './access-check.ts';
import type { App } from './app.ts';
import { gracefulClose } from './graceful-close.ts';
import { secureHeaders } from './headers.ts';
import { type ReadyCheck, serveHealth } from './health.ts';
import { limitRequests } from './limits.ts';
import type { Log } from './log.ts';
import { serveMetrics } from './metrics.ts';
import { serveOpenApi } from './openapi.ts';
import { writeOperatorToken } from './operator.ts';
import { servePages } from './pages.ts';
import { problems, toProblem } from './problem.ts';
import { refuseOtherOrigins } from './same-origin.ts';
import { type KeyRing, loadKeys } from './sealing/key-ring.ts';
import { createSealer, type Sealer } from './sealing/sealer.ts';
import { serveApiKeys } from './sign-in/api-keys.ts';
import { type Auth, cookiePrefix, createAuth, type SignInOptions } from './sign-in/auth.ts';
import { identify } from './sign-in/identify.ts';
import { serveMe } from './sign-in/me.ts';
import { servePeople } from './sign-in/people-routes.ts';
import { purgeEnded } from './sign-in/purge.ts';
import { serveSignIn } from './sign-in/routes.ts';
import { firstAdministratorLink, type Invited, invitePerson, renewLink, type WelcomeParts } from './sign-in/welcome.ts';
import { serveWelcome } from './sign-in/welcome-routes.ts';

export interface Network {
  /** Default 127.0.0.1: nothing but this machine reaches the program until an administrator says so. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The address people type, without a path, when it is not the one listened on. https makes cookies secure. */
  readonly baseUrl?: string;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. Default: nobody's. */
  readonly trustProxy?: readonly string[];
  /** Lets Prometheus read /metrics from another machine. Default: this machine only. */
  readonly metricsToken?: Secret;
}

export interface ServerOptions {
  /** `id` names files and cookies (`insights`), `title` is for people (`Gatehouse Insights`). */
  readonly program: { readonly id: string; readonly title: string; readonly version: string };
  readonly database: Database;
  /** Folder for the key and the operator token. */
  readonly home: string;
  readonly network: Network;
  readonly findTenantRole: FindTenantRole;
  readonly log: Log;
  readonly signIn?: SignInOptions;
  /** Instead of `<home>/<program>.key`, for installations that keep keys elsewhere. */
  readonly keys?: KeyRing;
  /** What else /readyz asks, by the name it shows. */
  readonly readyChecks?: Readonly<Record<string, ReadyCheck>>;
  /** Folder that Vite built the pages into. */
  readonly pages?: string;
}

export interface Server {
  /** Programs add their routes here before `listen`. */
  readonly app: App;
  readonly sealer: Sealer;
  readonly metrics: Registry;
  /** Where people reach the program, without a slash at the end. Before `listen` a guess when the port is 0. */
  baseUrl(): string;
  /** Resolves with the base URL. A StartFault names the flag to change when the port cannot be had. */
  listen(): Promise<string>;
  /** Stops taking requests, ends streams of events, and waits at most 5 seconds for the rest. */
  close(): Promise<void>;
  /** Null once there is an administrator. Ask after `listen`. */
  firstAdministratorLink(): Promise<string | null>;
  /** In the caller's system transaction. `link` is null for somebody who can sign in already. */
  invitePerson(tx: Sql, act: Act, person: { email: string; name?: string | undefined }): Promise<Invited>;
  /** In the caller's system transaction: a link with which a person sets a new password. */
  renewLink(tx: Sql, act: Act, personId: PersonId): Promise<string>;
}

/** The Fastify base of every program: sign-in, access, problems, audit, limits, health, metrics, description, pages. */
export const createServer = async (options: ServerOptions): Promise<Server> => {
  const { program, database, home, network, log, signIn = {}, readyChecks = {}, pages } = options;
  const operatorToken = await writeOperatorToken(home, program.id);
  const keys = options.keys ?? (await loadKeys(home, program.id));
  const https = network.baseUrl?.startsWith('https:') ?? false;
  const closing = new AbortController();

  const logger: FastifyBaseLogger = log;
  const app: App = Fastify({
    loggerInstance: logger,
    // One line for each answer, written by logAnswer.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: 1_048_576,
    requestTimeout: 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // What still comes in while closing is answered; Fastify's own 503 would be no problem+json.
    return503OnClosing: false,
    trustProxy: network.trustProxy ? [...network.trustProxy] : false,
    routerOptions: { maxParamLength: 500 },
    genReqId: (request) => requestId(request.headers['x-request-id']),
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(unreadable());
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler<FastifyError>(sendProblem);
  app.decorate('closing', closing.signal);
  app.decorateRequest('signInId', null);
  app.removeContentTypeParser('text/plain');
  const purge = setInterval(() => {
    purgeEnded(database).catch((error: unknown) => log.warn({ err: error }, 'ended sign-ins were not deleted'));
  }, 3_600_000).unref();
  app.addHook('preClose', async () => {
    closing.abort();
    clearInterval(purge);
  });
  const close = gracefulClose(app, 5_000);

  // Order matters: an id and the headers for every answer, then who it is, then how often, then whether (access).
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await secureHeaders(app, https);
  const baseUrl = () => network.baseUrl?.replace(/\/+$/, '') ?? localUrl(app.server, network);
  const auth = lazily(() =>
    createAuth({ program, database, keys, baseUrl: baseUrl(), origins: originsOf(baseUrl()), options: signIn, log }),
  );
  const prefix = cookiePrefix(program.id, https);
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    request.caller = await identify(
      { database, operatorToken, auth, cookiePrefix: prefix, lifetimeMs: signIn.lifetimeMs ?? 604_800_000 },
      request,
      reply,
    );
  });
  await limitRequests(app);
  app.addHook('preParsing', async (request) => {
    if (request.url.startsWith('/api/')) refuseOtherOrigins(request, (origin) => originsOf(baseUrl()).includes(origin));
  });
  checkAccess(app, options.findTenantRole);
  app.addHook('onResponse', logAnswer);

  const metrics = new Registry();
  await serveOpenApi(app, program);
  serveHealth(app, database, readyChecks);
  serveMetrics(app, metrics, network.metricsToken);
  const parts = { database, auth, baseUrl, providers: signIn.providers ?? [] };
  serveSignIn(app, parts);
  serveWelcome(app, parts, async (request, reply, email, password) => {
    const answer = await auth().api.signInEmail({
      body: { email, password },
      headers: new Headers({ 'x-gatehouse-address': request.ip, 'user-agent': request.headers['user-agent'] ?? '' }),
      asResponse: true,
    });
    for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
  });
  const welcome: WelcomeParts = { database, baseUrl, welcomeMs: signIn.welcomeMs ?? 86_400_000 };
  servePeople(app, welcome);
  serveMe(app, database);
  serveApiKeys(app, database);
  if (pages !== undefined) await servePages(app, pages);

  return {
    app,
    sealer: createSealer(keys),
    metrics,
    baseUrl,
    listen: async () => {
      await listen(app, network);
      return baseUrl();
    },
    close,
    firstAdministratorLink: () => firstAdministratorLink(welcome),
    invitePerson: (tx, act, person) => invitePerson(welcome, tx, act, person),
    renewLink: (tx, act, personId) => renewLink(welcome, tx, act, personId),
  };
};

const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error, req: request }, problem.title);
  else if (problem.cause !== undefined) request.log.info({ err: error, req: request }, problem.title);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="gatehouse"');
  // A frame error can come before any hook ran.
  reply.header('x-request-id', request.id).removeHeader('content-length');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toBody(request.id)));
};

const logAnswer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const { caller } = request;
  request.log.info(
    {
      req: request,
      res: reply,
      route: request.routeOptions.url,
      ms: Math.round(reply.elapsedTime),
      principal: caller?.kind === 'person' ? caller.personId : (caller?.kind ?? null),
    },
    'answered',
  );
};

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[A-Za-z0-9._:-]{8,100}$/.test(given) ? given : newId<string>();

const unreadable = (): string => {
  const body = JSON.stringify(problems.unreadable().toBody(newId<string>()));
  return `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
};

/** `localhost` instead of 127.0.0.1, because passkeys are bound to a name and browsers refuse them for addresses. */
const localUrl = (server: HttpServer, { host = '127.0.0.1', port }: Network): string => {
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  const name =
    isLocal(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${actual}`;
};

const isLocal = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** The pages' own origins. A local program may be opened by any of the names this machine has for itself. */
const originsOf = (baseUrl: string): readonly string[] => {
  const { origin, hostname, port } = new URL(baseUrl);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return [origin];
  return [origin, ...['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`)];
};

const lazily = (make: () => Auth): (() => Auth) => {
  let made: Auth | undefined;
  // Not before the port is known: it is part of every address the library makes.
  return () => {
    made ??= make();
    return made;
  };
};

const listen = async (app: App, { host = '127.0.0.1', port }: Network): Promise<void> => {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const sentence = typeof code === 'string' ? listenFaults[code] : undefined;
    if (sentence === undefined) throw error;
    const { words, flag } = sentence(host, port);
    throw new StartFault(words, flag, { cause: error });
  }
};

const listenFaults: Readonly<Record<string, (host: string, port: number) => { words: string; flag: string }>> = {
  EADDRINUSE: (host, port) => ({
    words: `Port ${port} of ${host} is taken. Choose another with --port.`,
    flag: '--port',
  }),
  EACCES: (host, port) => ({
    words: `This account may not open port ${port} of ${host}. Choose one above 1023 with --port.`,
    flag: '--port',
  }),
  EADDRNOTAVAIL: (host) => ({
    words: `This machine does not have the address ${host}. Choose another with --host.`,
    flag: '--host',
  }),
  ENOTFOUND: (host) => ({
    words: `There is no address with the name ${host}. Choose another with --host.`,
    flag: '--host',
  }),
};
