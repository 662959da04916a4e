import type { App } from '@gatehouse/server';
import { Refusal } from '../refusal.ts';
import type { Action } from './actions.ts';
import { headerOf, largestBody, perMinute, toAsked } from './asking.ts';
import { toFailure } from './failures.ts';
import { type Resource, resources } from './resources.ts';

const jsonFaces = ['/authservice_json.svc', '/json/v2/authservice.svc'];
const restFace = '/authservice.svc/rest';

/** JSON v1, JSON v2 and REST. Every route looks at the token itself. */
export const serveJsonFaces = (scope: App, actions: readonly Action[]): void => {
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
  scope.setNotFoundHandler({ preHandler: scope.rateLimit() }, () => {
    throw new Refusal('not_found', 'There is no such operation.');
  });
  for (const action of actions) {
    const { name, summary } = action;
    for (const face of jsonFaces)
      serve(scope, { method: 'POST', url: `${face}/${name.toLowerCase()}` }, `${summary}: ${name}`, action);
    for (const { method, path } of resources[name] ?? [])
      serve(scope, { method, url: `${restFace}/${path.toLowerCase()}` }, summary, action);
  }
};

const serve = (app: App, { method, url }: Resource, summary: string, { isLogIn, body, ask }: Action): void => {
  app.route({
    ...{ method, url, bodyLimit: largestBody },
    config: {
      access: 'program',
      rateLimit: isLogIn ? { max: perMinute.logIns, groupId: 'sdk-log-in' } : { max: perMinute.calls },
    },
    schema: { ...{ summary, tags: ['SDK web services'] }, ...(method === 'POST' && { body }) },
    handler: async (request, reply) => {
      const asked =
        method === 'POST'
          ? toAsked(request, parseJson(request.body))
          : toAsked(request, toNamed(request.query), headerOf(request.headers.authenticationtoken));
      const answered = JSON.stringify(await ask(asked));
      return reply.type('application/json').header('cache-control', 'no-store').send(answered);
    },
  });
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
