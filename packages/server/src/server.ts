import type { IncomingMessage } from 'node:http';
import type { Database, Sql } from '@gatehouse/database';
import { newId, type PersonId } from '@gatehouse/kernel';
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { Registry } from 'prom-client';
import type { Act } from './access.ts';
import { checkAccess, type FindTenantRole } from './access-check.ts';
import { watchAccess } from './access-watch.ts';
import { logAnswer, sendProblem, unreadable } from './answers.ts';
import type { App } from './app.ts';
import { type AppLink, serveApps } from './apps.ts';
import { gracefulClose } from './graceful-close.ts';
import { secureHeaders } from './headers.ts';
import { type ReadyCheck, serveHealth } from './health.ts';
import { limitRequests } from './limits.ts';
import type { Log } from './log.ts';
import { serveMetrics } from './metrics.ts';
import { listen, localUrl, type Network, originsOf } from './network.ts';
import { serveOpenApi } from './openapi.ts';
import { writeOperatorToken } from './operator.ts';
import { type PageRights, servePages } from './pages.ts';
import { refuseOtherOrigins } from './same-origin.ts';
import { type KeyRing, loadKeys } from './sealing/key-ring.ts';
import { createSealer, type Sealer } from './sealing/sealer.ts';
import { serveApiKeys } from './sign-in/api-keys.ts';
import { type Auth, cookiePrefix, createAuth, type OidcProvider, type SignInOptions } from './sign-in/auth.ts';
import { type IdentifyParts, identify, recallCaller } from './sign-in/identify.ts';
import { serveMe } from './sign-in/me.ts';
import { servePeople } from './sign-in/people-routes.ts';
import { purgeEnded } from './sign-in/purge.ts';
import { serveSignIn } from './sign-in/routes.ts';
import { proveSecondFactor } from './sign-in/second-factor.ts';
import { firstAdministratorLink, type Invited, invitePerson, renewLink, type WelcomeParts } from './sign-in/welcome.ts';
import { serveWelcome } from './sign-in/welcome-routes.ts';
import { takeWebSockets, type WebSocketLimits } from './web-sockets.ts';

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
  readonly pageRights?: PageRights;
  /**
   * The beginning of paths that are compared without case, as clients of another server may write them: `/service/`.
   * Their routes are written in lower case.
   */
  readonly pathsWithoutCase?: string;
  /** What `/api/apps` answers; left out, the program has that route itself. */
  readonly apps?: readonly AppLink[];
  /** Milliseconds in which a whole request has to come. Default 60,000; programs that take large files give them longer. */
  readonly requestMs?: number;
  /** Left out: every request to become a WebSocket is a request like others. */
  readonly webSockets?: WebSocketLimits;
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
  /** Proof that whoever sends this request has their authenticator app at hand now. @throws Problem 403, 422, 429 */
  proveSecondFactor(request: FastifyRequest, code: string): Promise<void>;
}

/** The Fastify base of every program: sign-in, access, problems, audit, limits, health, metrics, description, pages. */
export const createServer = async (options: ServerOptions): Promise<Server> => {
  const { program, database, home, network, log, signIn = {}, readyChecks = {}, pages } = options;
  const { pathsWithoutCase } = options;
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
    requestTimeout: options.requestMs ?? 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // What still comes in while closing is answered; Fastify's own 503 would be no problem+json.
    return503OnClosing: false,
    trustProxy: network.trustProxy ? [...network.trustProxy] : false,
    routerOptions: { maxParamLength: 500 },
    ...(pathsWithoutCase !== undefined && {
      rewriteUrl: ({ url = '/' }: IncomingMessage) => lowerPath(url, pathsWithoutCase),
    }),
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
  const authWith = (providers: readonly OidcProvider[]) =>
    lazily(() =>
      createAuth({
        program,
        database,
        keys,
        baseUrl: baseUrl(),
        origins: originsOf(baseUrl()),
        options: signIn,
        providers,
        log,
      }),
    );
  const providers = signIn.providers ?? [];
  const auth = authWith([]);
  const identifying: IdentifyParts = {
    ...{ database, operatorToken, auth, cookiePrefix: cookiePrefix(program.id, https) },
    lifetimeMs: signIn.lifetimeMs ?? 604_800_000,
  };
  app.addHook('onRequest', async (request, reply) => {
    if (!isApi(request) || isForPrograms(request)) return;
    request.caller = await identify(identifying, request, reply);
  });
  await limitRequests(app);
  app.addHook('preParsing', async (request) => {
    if (isApi(request) && !isForPrograms(request))
      refuseOtherOrigins(request, (origin) => originsOf(baseUrl()).includes(origin));
  });
  checkAccess(app, options.findTenantRole);
  watchAccess(app, (request) => recallCaller(identifying, request), options.findTenantRole);
  app.addHook('onResponse', logAnswer);

  if (options.webSockets) await takeWebSockets(app, options.webSockets);

  const metrics = new Registry();
  await serveOpenApi(app, program);
  serveHealth(app, database, readyChecks);
  serveMetrics(app, metrics, network.metricsToken);
  const parts = { database, auth, authWithProviders: authWith(providers), baseUrl, providers };
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
  if (options.apps) serveApps(app, options.apps);
  if (pages !== undefined) await servePages(app, pages, options.pageRights);

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
    proveSecondFactor: (request, code) => proveSecondFactor({ auth, database }, request, code),
  };
};

// By the route that was found, not by the address as it was written: /%61pi/me leads to the same route.
const isApi = (request: FastifyRequest) => request.routeOptions.url?.startsWith('/api/') ?? false;

const isForPrograms = (request: FastifyRequest) => request.routeOptions.config?.access === 'program';

/** The query keeps its case. */
const lowerPath = (url: string, below: string): string => {
  if (!url.slice(0, below.length).toLowerCase().startsWith(below)) return url;
  const end = url.indexOf('?');
  return end === -1 ? url.toLowerCase() : `${url.slice(0, end).toLowerCase()}${url.slice(end)}`;
};

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[A-Za-z0-9._:-]{8,100}$/.test(given) ? given : newId<string>();

const lazily = (make: () => Auth): (() => Auth) => {
  let made: Auth | undefined;
  // Not before the port is known: it is part of every address the library makes.
  return () => {
    made ??= make();
    return made;
  };
};
