import type { Database } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../app.ts';
import { audit } from '../audit.ts';
import { problems } from '../problem.ts';
import type { Auth, OidcProvider } from './auth.ts';
import { toAuthProblem } from './auth-problem.ts';
import { type AuthRoute, authRoutes } from './auth-routes.ts';
import { signedInPerson } from './identify.ts';
import { type Attempt, beginAttempt, useCodeOnce } from './lock-out.ts';
import { refusePassword } from './passwords.ts';
import { endSignIn } from './sign-ins.ts';

export interface SignInParts {
  readonly database: Database;
  readonly auth: () => Auth;
  /**
   * The same with the OpenID Connect providers. Apart, because the library asks every provider before it answers
   * anything: one that hangs would keep out those who sign in with a password.
   */
  readonly authWithProviders: () => Auth;
  readonly baseUrl: () => string;
  readonly providers: readonly OidcProvider[];
}

/** Mounts the ways to sign in at /api/auth, each described, bounded and counted before the library sees it. */
export const serveSignIn = (app: App, parts: SignInParts): void => {
  for (const route of authRoutes) {
    app.route({
      method: route.method,
      url: `/api/auth${route.path}`,
      exposeHeadRoute: false,
      config: { access: route.access, ...(route.method === 'POST' && { endsAccess: true as const }) },
      schema: {
        summary: route.summary,
        tags: ['sign-in'],
        ...(route.body && { body: route.body }),
        ...(route.query && { querystring: route.query }),
      },
      handler: (request, reply) => answer(parts, route, request, reply),
    });
  }
  app.get(
    '/api/auth/providers',
    {
      config: { access: 'public' },
      schema: {
        summary: 'OpenID Connect providers one can sign in with',
        tags: ['sign-in'],
        response: { 200: z.array(z.object({ id: z.string(), name: z.string() })) },
      },
    },
    async () => parts.providers.map(({ id, name }) => ({ id, name })),
  );
};

const answer = async (parts: SignInParts, route: AuthRoute, request: FastifyRequest, reply: FastifyReply) => {
  const body = request.body as Record<string, unknown> | undefined; // parsed by the route's schema, an object or nothing
  if (route.access === 'signed-in') signedInPerson(request);
  if (route.path === '/change-password') checkNewPassword(request, String(body?.newPassword));
  const attempt = route.guessable ? await begin(parts, request, body) : null;
  const response = await forward(parts, route, request, bodyFor(route, body));
  const text = await response.text();
  const json = parseObject(text);
  if (response.status >= 400) throw toAuthProblem(response.status, json);
  await attempt?.succeeded();

  await noteSignIn(parts, route, request, response);
  if (route.audits !== undefined) {
    const { audits: action } = route;
    await parts.database.system((tx) => audit(tx, request.act, { action, target: request.principal.name }));
  }
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
  const location = response.headers.get('location');
  if (location !== null && response.status >= 300)
    return reply.code(response.status).header('location', location).send();
  return reply
    .code(response.status)
    .type('application/json')
    .send(JSON.stringify(withoutTokens(json)));
};

const bodyFor = (route: AuthRoute, body: Record<string, unknown> | undefined): Record<string, unknown> | undefined =>
  route.path === '/change-password' ? { ...body, revokeOtherSessions: true } : body;

const checkNewPassword = (request: FastifyRequest, newPassword: string): void => {
  const { principal } = request;
  const refused = principal.kind === 'person' ? refusePassword('newPassword', newPassword, principal) : [];
  if (refused.length > 0) throw problems.invalid(refused);
};

/** Codes of a second factor are counted by the library besides, for each account. */
const begin = (
  { database }: SignInParts,
  request: FastifyRequest,
  body: Record<string, unknown> | undefined,
): Promise<Attempt> => {
  if (typeof body?.email === 'string') return beginAttempt(database, body.email, request.ip);
  const { caller } = request;
  return beginAttempt(database, caller?.kind === 'person' ? caller.email : null, request.ip);
};

/** The request as the library takes it: only the headers it needs, and the origin and address that we checked. */
const forward = (
  parts: SignInParts,
  route: AuthRoute,
  request: FastifyRequest,
  body: Record<string, unknown> | undefined,
): Promise<Response> => {
  const headers = new Headers({ origin: new URL(parts.baseUrl()).origin, 'x-gatehouse-address': request.ip });
  if (request.headers.cookie) headers.set('cookie', request.headers.cookie);
  if (request.headers['user-agent']) headers.set('user-agent', request.headers['user-agent'].slice(0, 300));
  if (request.method === 'POST') headers.set('content-type', 'application/json');
  const asked = new Request(`${parts.baseUrl()}${request.url}`, {
    method: request.method,
    headers,
    ...(request.method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  });
  return route.remote ? inTime(parts.authWithProviders().handler(asked)) : parts.auth().handler(asked);
};

const inTime = async (answer: Promise<Response>): Promise<Response> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        problems.unavailable('The provider you sign in with does not answer. Try again later, or sign in another way.'),
      ),
    remoteTimeoutMs,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
    // When it fails after we gave up, there is nobody left to tell.
    answer.catch(() => undefined);
  }
};

const remoteTimeoutMs = 10_000;

/**
 * Says in the audit who came in and how, and ends the sign-in that the same browser had before. Runs before the browser
 * gets its cookie: a throw here leaves it outside.
 */
const noteSignIn = async (
  { auth, database }: SignInParts,
  route: AuthRoute,
  request: FastifyRequest,
  response: Response,
): Promise<void> => {
  if (route.access !== 'public' || route.path === '/sign-out') return;
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0] ?? '')
    .join('; ');
  if (!cookie.includes('session_token=')) return;
  const session = await auth().api.getSession({ headers: new Headers({ cookie }) });
  if (session === null) return;
  if (session.user.disabled === true) {
    await endSignIn(database, session.session.id);
    throw problems.forbidden('Your account is switched off. Ask an administrator.');
  }
  const { code } = (request.body ?? {}) as { code?: string };
  const enrolled = route.path.startsWith('/two-factor/') && request.signInId !== null;
  if (
    route.path === '/two-factor/verify-totp' &&
    !enrolled &&
    !(await useCodeOnce(database, session.user.id, code ?? ''))
  ) {
    await endSignIn(database, session.session.id);
    throw toAuthProblem(401, { code: 'INVALID_CODE' });
  }
  if (request.signInId !== null && request.signInId !== session.session.id) await endSignIn(database, request.signInId);
  const { id, name, email, systemAdministrator } = session.user;
  const principal = {
    kind: 'person',
    personId: id as PersonId,
    name,
    email,
    systemAdministrator: systemAdministrator === true,
  } as const;
  await database.system((tx) =>
    audit(
      tx,
      { principal, correlationId: request.id },
      {
        action: enrolled ? 'person.second-factor.add' : 'person.sign-in',
        target: email,
        change: { way: route.path.replace('/:provider', ''), address: request.ip },
      },
    ),
  );
};

/** The token of a sign-in belongs into its HttpOnly cookie and nowhere a script can read it. */
const withoutTokens = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(withoutTokens);
  if (typeof json !== 'object' || json === null) return json;
  const { token: _token, session: _session, ...rest } = json as Record<string, unknown>;
  return rest;
};

const parseObject = (text: string): unknown => {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
};
