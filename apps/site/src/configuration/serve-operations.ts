import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { App, Reply, Request } from '@gatehouse/server';
import { z } from 'zod';
import type { ObjectRow } from '../api/shape.ts';
import {
  type Account,
  admitProgram,
  type Caller,
  OAuthError,
  perAddress,
  sendOAuthError,
  toProgram,
} from '../oauth/index.ts';
import {
  type ConfigurationError,
  forbidden,
  methodNotAllowed,
  notFound,
  toConfigurationError,
  toSchemaError,
  unprocessable,
} from './errors.ts';
import { type Document, describe } from './openapi.ts';
import type { Operation } from './operation.ts';
import { pagingQuery, tellPaging } from './paging.ts';

/** The API account whose token a request holds, found before its body is read. */
const callers = new WeakMap<Request, Caller>();

export interface OperationParts {
  readonly database: Database;
  readonly clock: Clock;
  /** The address that people and programs use, for links. */
  readonly baseUrl: () => string;
}

/** An API of programs that is told by its operations. */
export interface ProgramApi {
  readonly document: Document;
  readonly operations: readonly Operation[];
  /** Why an account may not use an operation, or any where none is said; null: it may. */
  refuse(account: Account, operation: Operation | null): string | null;
  /** The status of what the API does not know: official descriptions differ. */
  readonly unknown: 400 | 401;
}

const config = { access: 'program', rateLimit: perAddress } as const;
/** Described by its own document, `openapi.yaml`. */
const schema = { hide: true } as const;
const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Every operation of an API, its description, and errors in its words, for API accounts with the permission. */
export const serveOperations = (app: App, parts: OperationParts, api: ProgramApi): void => {
  const { operations, document } = api;
  const { base } = document;
  const yaml = describe(operations, document, parts.baseUrl);
  app.register(async (scope) => {
    // Programs send JSON with every type and with none.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
    scope.setErrorHandler(sendError);
    scope.addHook('onRequest', async (request, reply) => {
      const caller = await admitProgram(parts, request, reply);
      if (caller === null) return reply;
      callers.set(request, caller);
      refuseTo(api, caller, null);
      return undefined;
    });

    for (const operation of operations)
      scope.route({
        ...{ method: operation.method, url: urlOf(base, operation.path), config, schema },
        handler: (request, reply) => answer(parts, api, operation, request, reply),
      });
    scope.route({
      ...{ method: 'GET', url: `${base}/openapi.yaml`, config, schema },
      handler: (_request, reply) => reply.type('application/yaml').send(yaml()),
    });
    for (const [path, allowed] of methodsByPath(api)) {
      const allow = allowed.join(',');
      scope.route({
        ...{ method: 'OPTIONS', url: path, config, schema },
        handler: (_request, reply) => reply.header('allow', allow).send(),
      });
      scope.route({
        ...{ method: verbs.filter((verb) => verb !== 'OPTIONS' && !allowed.includes(verb)), url: path, config, schema },
        handler: (request, reply) => {
          reply.header('allow', allow);
          throw methodNotAllowed(request.method);
        },
      });
    }
    scope.route({
      ...{ method: [...verbs], url: `${base}/*`, config, schema },
      exposeHeadRoute: false,
      handler: () => {
        throw notFound();
      },
    });
  });
};

const refuseTo = (api: ProgramApi, { account }: Caller, operation: Operation | null): void => {
  const why = api.refuse(account, operation);
  if (why !== null) throw forbidden(why);
};

const urlOf = (base: string, path: string) => `${base}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;

/** In the order that the official description has them: GET, HEAD, then the others. */
const methodsByPath = ({ operations, document }: ProgramApi): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>([[`${document.base}/openapi.yaml`, ['GET', 'HEAD']]]);
  for (const { method, path } of operations) {
    const url = urlOf(document.base, path);
    found.set(url, [...(found.get(url) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
  }
  return found;
};

const answer = async (parts: OperationParts, api: ProgramApi, operation: Operation, request: Request, reply: Reply) => {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('an operation was reached without a token');
  refuseTo(api, caller, operation);
  const { per_page: perPage = 100, current_page: current = 1, ...query } = parseQuery(api, operation, request.query);
  const { ids, names } = parseIds(request.params);
  const body = parseBody(api, operation, request.body);
  const by = { principal: toProgram(caller.account), correlationId: request.id };
  const paging = { perPage: Number(perPage), current: Number(current) };
  const page = { limit: paging.perPage, offset: (paging.current - 1) * paging.perPage };
  const answered = await parts.database.system((tx) =>
    operation.run({ tx, by, now: parts.clock.now(), accountId: caller.account.id, ids, names, query, body, page }),
  );
  if (answered === null) throw notFound();
  if (operation.list && answered.total !== undefined) {
    const whole = { perPage: Math.max(1, answered.total), current: 1 };
    tellPaging(reply, new URL(request.url, parts.baseUrl()), operation.paged ? paging : whole, answered.total);
  }
  reply.code(operation.status);
  if (answered.body === undefined) return reply.send();
  return reply.type('application/json').send(JSON.stringify(answered.body));
};

const parseQuery = (api: ProgramApi, { paged, query = {} }: Operation, given: unknown): ObjectRow => {
  const known = { ...(paged && pagingQuery), ...query };
  const parsed = z
    .strictObject(Object.fromEntries(Object.entries(known).map(([name, type]) => [name, type.optional()])))
    .safeParse({ ...Object(given) });
  if (!parsed.success) throw toError(api, parsed.error, 'query parameter');
  return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
};

const toError = ({ unknown }: ProgramApi, error: z.ZodError, what: 'query parameter' | 'field'): ConfigurationError =>
  toSchemaError(error, what, unknown);

const Texts = z.record(z.string(), z.string());

/** Numbers are ids, and what has 32 hexadecimal digits names a session or a client; all else names nothing. */
const parseIds = (given: unknown): { ids: Record<string, number>; names: Record<string, string> } => {
  const ids: Record<string, number> = {};
  const names: Record<string, string> = {};
  for (const [name, text] of Object.entries(Texts.parse(given))) {
    const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (id >= 1 && id <= 2_147_483_647) ids[name] = id;
    else if (/^[0-9a-fA-F]{32}$/.test(text)) names[name] = text.toLowerCase();
    else throw notFound();
  }
  return { ids, names };
};

const parseBody = (api: ProgramApi, { body: type }: Operation, given: unknown): ObjectRow => {
  if (type === undefined) return {};
  const parsed = type.safeParse(parseJson(typeof given === 'string' ? given : ''));
  if (!parsed.success) throw toError(api, parsed.error, 'field');
  return Object.fromEntries(Object.entries(Object(parsed.data)).filter(([, value]) => value !== undefined));
};

const parseJson = (text: string): object => {
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw unprocessable({}, 'The body is not JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw unprocessable({}, 'The body is not a JSON object.');
  return json;
};

const sendError = (error: unknown, request: Request, reply: Reply) => {
  if (error instanceof OAuthError) return sendOAuthError(reply, error);
  const answered = toConfigurationError(error);
  if (answered.status >= 500) request.log.error({ err: error, req: request }, 'an operation failed');
  return reply.code(answered.status).type('application/json').send(JSON.stringify(answered.toBody()));
};
