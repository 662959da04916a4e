import type { App } from '@gatehouse/server';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { SignedIn } from '../sign-in/index.ts';
import { type Asked, actAs, admit, logOut, performAs } from './callers.ts';
import { checkOutOperations } from './check-outs.ts';
import { parseBody, toFailure } from './failures.ts';
import { jobOperations } from './jobs.ts';
import { listingOperations } from './listing.ts';
import { LoginBody, logIn } from './log-in.ts';
import { comment, required } from './members.ts';
import { done, type Operation, type SdkAnswer, type SdkParts } from './operation.ts';
import { keyHeader } from './registrations.ts';
import { requestOperations } from './requests.ts';
import { type Resource, resources } from './resources.ts';
import { setOperations } from './sets.ts';
import { storeOperation } from './store-credential.ts';

/** Below this the server compares paths without case, so routes are written in lower case. */
export const sdkPath = '/erpmwebservice/';

const jsonFaces = ['/authservice_json.svc', '/json/v2/authservice.svc'];
const restFace = '/authservice.svc/rest';

/** A minute, from one address: an ECM that brokers thousands of sessions is one address; somebody who guesses is another. */
const perMinute = { calls: 120_000, logIns: 120 } as const;
const largestBody = 65_536;

/** Every operation that takes a token. */
const operationsOf = ({ jobs }: SdkParts): readonly Operation[] => [
  ...checkOutOperations(jobs),
  ...listingOperations,
  storeOperation,
  ...setOperations,
  ...requestOperations,
  ...jobOperations(jobs),
];

/** The SDK web services, on their JSON and REST faces. Every route looks at the token itself. */
export const serveSdk = (app: App, parts: SdkParts): void => {
  const below = { prefix: sdkPath.slice(0, -1) };
  app.register(async (plain) => {
    const scope = plain as unknown as App; // the same instance; only the type of the provider is lost on the way
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, finish) => finish(null, body));
    // Bodies are parsed once the caller is known.
    scope.setValidatorCompiler(() => (value) => ({ value }));
    scope.setErrorHandler((error, request, reply) => {
      const { status, body, retryAfterSeconds, isOurs } = toFailure(error);
      if (isOurs) request.log.error({ err: error, req: request }, 'an operation failed');
      else if (status === 503) request.log.warn({ err: error, req: request }, 'an operation could not be done now');
      if (retryAfterSeconds !== null) reply.header('retry-after', retryAfterSeconds);
      return reply.code(status).type('application/json').header('cache-control', 'no-store').send(JSON.stringify(body));
    });
    scope.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
      throw new Refusal('not_found', 'There is no such operation.');
    });
    serve(scope, parts);
  }, below);
};

const serve = (app: App, parts: SdkParts): void => {
  const operations = operationsOf(parts);
  const route = (at: Resource, summary: string, body: z.ZodType, answer: (asked: Asked) => Promise<SdkAnswer>) =>
    app.route({
      ...{ method: at.method, url: at.url, bodyLimit: largestBody },
      config: {
        access: 'program',
        rateLimit: at.isLogIn ? { max: perMinute.logIns, groupId: 'sdk-log-in' } : { max: perMinute.calls },
      },
      schema: { ...{ summary, tags: ['SDK web services'] }, ...(at.method === 'POST' && { body }) },
      handler: async (request, reply) => {
        const given = at.method === 'POST' ? parseJson(request.body) : toNamed(request.query);
        refuseTokenInAddress(request.url);
        const asked = {
          ...{ key: headerOf(request.headers[keyHeader]), address: request.ip, correlationId: request.id, body: given },
          token: at.method === 'POST' ? tokenIn(given) : headerOf(request.headers.authenticationtoken),
        };
        const answered = JSON.stringify(await answer(asked));
        return reply.type('application/json').header('cache-control', 'no-store').send(answered);
      },
    });
  const login = (asked: Asked) => openSession(parts, asked);
  for (const face of jsonFaces) {
    const at = (name: string, isLogIn = false): Resource => ({
      ...{ method: 'POST', url: `${face}/${name.toLowerCase()}`, isLogIn },
    });
    route(at('DoLogin', true), 'Log in: DoLogin', LoginBody, async (asked) => (await login(asked)).token.reveal());
    route(at('DoLogin2', true), 'Log in: DoLogin2', LoginBody, async (asked) => toToken(await login(asked)));
    route(at('DoLogout'), 'Log out: DoLogout', Nothing, async (asked) => leave(parts, asked));
    route(at('DoImpersonate'), 'Act for somebody else: DoImpersonate', Impersonation, async (asked) => {
      // What is missing is told to those alone who have a token; an empty name is nobody's.
      const { IdentityName, Comment } = Impersonation.safeParse(asked.body).data ?? { IdentityName: '', Comment: '' };
      return toToken(await actAs(parts, asked, { name: IdentityName, comment: Comment }));
    });
    for (const operation of operations)
      route(at(operation.name), `${operation.summary}: ${operation.name}`, operation.body, (asked) =>
        performAs(parts, asked, operation),
      );
  }
  const rest = (method: 'GET' | 'POST', path: string, isLogIn = false): Resource => ({
    ...{ method, url: `${restFace}/${path.toLowerCase()}`, isLogIn },
  });
  route(rest('POST', 'Login', true), 'Log in', LoginBody, async (asked) => (await login(asked)).token.reveal());
  route(rest('POST', 'Logout'), 'Log out', Nothing, async (asked) => leave(parts, asked));
  for (const operation of operations)
    for (const { method, path } of resources[operation.name] ?? [])
      route(rest(method, path), operation.summary, operation.body, (asked) => performAs(parts, asked, operation));
};

const Nothing = z.object({});
const Impersonation = z.object({ IdentityName: required(), Comment: comment });

const openSession = async (parts: SdkParts, asked: Asked): Promise<SignedIn> => {
  const origin = await parts.vault.database.system((tx) => admit(tx, parts, asked));
  return logIn(parts, parseBody(LoginBody, asked.body), origin);
};

const toToken = ({ token, expiresAt }: SignedIn) => ({
  ...{ ...done, OperationMessage: token.reveal(), ExpiresUTC: expiresAt.toISOString() },
});

const leave = async (parts: SdkParts, asked: Asked): Promise<SdkAnswer> => {
  await logOut(parts, asked);
  return done;
};

/** A body is JSON, whatever the header says; none is an empty one. */
const parseJson = (text: unknown): unknown => {
  if (typeof text !== 'string' || text.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Told below. What the parser says may hold a part of the body.
  }
  throw new Refusal('invalid', 'The body must be a JSON object.');
};

const toNamed = (query: unknown): unknown => {
  const given = typeof query === 'object' && query !== null && 'Name' in query ? query.Name : undefined;
  return given === undefined ? {} : { ManagementSetName: given };
};

const tokenIn = (body: unknown): string | null => {
  const given =
    typeof body === 'object' && body !== null && 'AuthenticationToken' in body ? body.AuthenticationToken : null;
  return typeof given === 'string' ? given : null;
};

const headerOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Addresses are kept by proxies and in histories. */
const refuseTokenInAddress = (url: string): void => {
  const [, query = ''] = url.split('?', 2);
  for (const name of new URLSearchParams(query).keys())
    if (/token|password/i.test(name))
      throw new Refusal('invalid', 'AuthenticationToken: must not stand in the address. Log out, and log in again.');
};
