import type { Database } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../app.ts';
import { audit } from '../audit.ts';
import { Problem, problems } from '../problem.ts';
import type { Auth, OidcProvider } from './auth.ts';
import { signedInPerson } from './identify.ts';
import { type Attempt, beginAttempt } from './lock-out.ts';
import { Password, refusePassword } from './passwords.ts';
import { endSignIn } from './sign-ins.ts';

export interface SignInParts {
  readonly database: Database;
  readonly auth: () => Auth;
  readonly baseUrl: () => string;
  readonly providers: readonly OidcProvider[];
}

interface AuthRoute {
  readonly method: 'GET' | 'POST';
  /** Below /api/auth, as the library names it. */
  readonly path: string;
  readonly summary: string;
  /** Signed in with a cookie: an API key does not change how a person signs in. */
  readonly access: 'public' | 'signed-in';
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  /** Looks at a password or a code: failed attempts are counted. */
  readonly guessable?: true;
}

const code = z.string().trim().min(6).max(40);
const WithPassword = z.strictObject({ password: Password });
// What a browser's authenticator answers; the library checks every part of it.
const AuthenticatorAnswer = z.record(z.string().max(100), z.json());
/** An address of our own pages, so that signing in never leads elsewhere. */
const OwnPath = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])/, 'Write an address of this server that begins with one slash.');

/** Everything of the library that can be reached; what is not in this list answers 404. */
const routes: readonly AuthRoute[] = [
  {
    method: 'POST',
    path: '/sign-in/email',
    access: 'public',
    guessable: true,
    summary: 'Sign in with e-mail address and password',
    body: z.strictObject({ email: z.email('Enter an e-mail address.').max(300), password: Password }),
  },
  {
    method: 'POST',
    path: '/sign-in/social',
    access: 'public',
    summary: 'Begin to sign in with an OpenID Connect provider',
    body: z.strictObject({
      provider: z.string().min(1).max(100),
      callbackURL: OwnPath.optional(),
      errorCallbackURL: OwnPath.optional(),
    }),
  },
  {
    method: 'GET',
    path: '/callback/:provider',
    access: 'public',
    summary: 'Where an OpenID Connect provider sends people back to',
    query: z.record(z.string(), z.string().max(10_000)),
  },
  { method: 'POST', path: '/sign-out', access: 'public', summary: 'Sign out' },
  {
    method: 'POST',
    path: '/change-password',
    access: 'signed-in',
    guessable: true,
    summary: 'Change my password and sign out elsewhere',
    body: z.strictObject({ currentPassword: Password, newPassword: Password }),
  },
  {
    method: 'POST',
    path: '/two-factor/enable',
    access: 'signed-in',
    guessable: true,
    summary: 'Begin to use an authenticator app; answers its address and backup codes',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/disable',
    access: 'signed-in',
    guessable: true,
    summary: 'Stop using an authenticator app',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    access: 'signed-in',
    guessable: true,
    summary: 'Replace my backup codes',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    access: 'public',
    guessable: true,
    summary: 'Enter a code of the authenticator app',
    body: z.strictObject({ code }),
  },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    access: 'public',
    guessable: true,
    summary: 'Enter a backup code',
    body: z.strictObject({ code }),
  },
  {
    method: 'GET',
    path: '/passkey/generate-register-options',
    access: 'signed-in',
    summary: 'Begin to add a passkey',
    query: z.strictObject({ name: z.string().trim().min(1).max(120).optional() }),
  },
  {
    method: 'POST',
    path: '/passkey/verify-registration',
    access: 'signed-in',
    summary: 'Add a passkey',
    body: z.strictObject({ response: AuthenticatorAnswer, name: z.string().trim().min(1).max(120).optional() }),
  },
  {
    method: 'GET',
    path: '/passkey/generate-authenticate-options',
    access: 'public',
    summary: 'Begin to sign in with a passkey',
  },
  {
    method: 'POST',
    path: '/passkey/verify-authentication',
    access: 'public',
    guessable: true,
    summary: 'Sign in with a passkey',
    body: z.strictObject({ response: AuthenticatorAnswer }),
  },
  { method: 'GET', path: '/passkey/list-user-passkeys', access: 'signed-in', summary: 'My passkeys' },
  {
    method: 'POST',
    path: '/passkey/update-passkey',
    access: 'signed-in',
    summary: 'Rename a passkey',
    body: z.strictObject({ id: z.string().max(100), name: z.string().trim().min(1).max(120) }),
  },
  {
    method: 'POST',
    path: '/passkey/delete-passkey',
    access: 'signed-in',
    summary: 'Delete a passkey',
    body: z.strictObject({ id: z.string().max(100) }),
  },
];

/** Mounts the ways to sign in at /api/auth, each described, bounded and counted before the library sees it. */
export const serveSignIn = (app: App, parts: SignInParts): void => {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: `/api/auth${route.path}`,
      exposeHeadRoute: false,
      config: { access: route.access },
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
  const attempt = route.guessable ? await begin(parts, route, request, body) : null;
  const response = await forward(parts, request, bodyFor(route, body));
  const text = await response.text();
  const json = parseObject(text);
  if (response.status >= 400) throw toAuthProblem(response.status, json);
  await attempt?.succeeded();

  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
  await noteSignIn(parts, route, request, response);
  const location = response.headers.get('location');
  if (location !== null) return reply.code(response.status).header('location', location).send();
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

/** Counted by the account where it is named or signed in, and by the address alone where the cookie names it. */
const begin = (
  { database }: SignInParts,
  route: AuthRoute,
  request: FastifyRequest,
  body: Record<string, unknown> | undefined,
): Promise<Attempt> => {
  if (typeof body?.email === 'string') return beginAttempt(database, body.email, request.ip);
  const { caller } = request;
  return beginAttempt(database, caller?.kind === 'person' ? caller.email : `${route.path} ${request.ip}`, request.ip);
};

/** The request as the library takes it: only the headers it needs, and the origin and address that we checked. */
const forward = (
  parts: SignInParts,
  request: FastifyRequest,
  body: Record<string, unknown> | undefined,
): Promise<Response> => {
  const headers = new Headers({ origin: new URL(parts.baseUrl()).origin, 'x-gatehouse-address': request.ip });
  if (request.headers.cookie) headers.set('cookie', request.headers.cookie);
  if (request.headers['user-agent']) headers.set('user-agent', request.headers['user-agent'].slice(0, 300));
  if (request.method === 'POST') headers.set('content-type', 'application/json');
  return parts.auth().handler(
    new Request(`${parts.baseUrl()}${request.url}`, {
      method: request.method,
      headers,
      ...(request.method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    }),
  );
};

/** Says in the audit who came in and how, and ends the sign-in that the same browser had before. */
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
        action: 'person.sign-in',
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

const toAuthProblem = (status: number, json: unknown): Problem => {
  if (status >= 500)
    return problems.internal(
      new Error(`the sign-in library answered ${status}: ${JSON.stringify(json)?.slice(0, 300)}`),
    );
  const { code: name, message } = (typeof json === 'object' && json !== null ? json : {}) as {
    code?: unknown;
    message?: unknown;
  };
  if (status === 429) return problems.tooMany(900, 'Too many codes were wrong. Try again in 15 minutes.');
  if (status === 404) return problems.notFound();
  const known = typeof name === 'string' ? words[name] : undefined;
  return new Problem(
    status,
    typeof name === 'string' ? name.toLowerCase().replaceAll('_', '-') : 'sign-in',
    status === 401 ? 'Not signed in' : 'This cannot be done',
    known ??
      (typeof message === 'string' && message !== '' ? message.slice(0, 300) : 'Signing in did not work. Try again.'),
  );
};

/** Where the library's own words are not for people who sign in. */
const words: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'The e-mail address or the password is wrong.',
  INVALID_PASSWORD: 'The password is wrong.',
  INVALID_CODE: 'The code is wrong or too old.',
  INVALID_BACKUP_CODE: 'This backup code is wrong or was used.',
  INVALID_TWO_FACTOR_COOKIE: 'This took too long. Sign in with your password again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many codes were wrong. Sign in with your password again.',
  SESSION_NOT_FRESH: 'For this, sign in again first.',
  SESSION_EXPIRED: 'Sign in again.',
  PROVIDER_NOT_FOUND: 'There is no such provider to sign in with.',
  CHALLENGE_NOT_FOUND: 'This took too long. Begin again.',
  PASSKEY_NOT_FOUND: 'This passkey is not known here.',
  AUTHENTICATION_FAILED: 'This passkey did not open anything.',
};
