import { type App, type Reply, type Request, toProblem } from '@gatehouse/server';
import { z } from 'zod';
import { apiAccounts } from '../../api-accounts/index.ts';
import { admitProgram, type Caller, OAuthError, perAddress, sendOAuthError, toProgram } from '../../oauth/index.ts';
import { findObject, Refusal } from '../../objects/index.ts';
import { getOptions } from '../../options/index.ts';
import type { CommandParts } from '../command-parts.ts';
import { mayDo, notAllowed } from '../permission.ts';
import type { Action } from './action.ts';
import { actions } from './actions.ts';
import { BadParameters, readGiven, toSentence } from './parameters.ts';
import { writeSchema } from './schema.ts';
import { type Element, element, writeXml } from './xml.ts';

const config = { access: 'program', rateLimit: perAddress } as const;
/** Described by its own schema, `command.xsd`. */
const schema = { hide: true } as const;

/** The Command API in XML, by both of its addresses, and its schema. */
export const serveCommandV1 = (app: App, parts: CommandParts): void => {
  app.register(async (scope) => {
    const callers = new WeakMap<Request, Caller>();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
    scope.setErrorHandler((error, request, reply) => sendError(parts, error, request, reply));
    scope.addHook('onRequest', async (request, reply) => {
      const caller = await admitProgram(parts, request, reply);
      if (caller === null) return reply;
      callers.set(request, caller);
      if (!mayDo(caller.account, 'read_only')) return forbid(reply);
      return undefined;
    });
    const answer = async (request: Request, reply: Reply) => {
      const caller = callers.get(request);
      if (caller === undefined) throw new Error('an action was reached without a token');
      if (/^multipart\//i.test(request.headers['content-type'] ?? ''))
        throw new BadParameters('Send the parameters as application/x-www-form-urlencoded.');
      const body = typeof request.body === 'string' ? request.body : '';
      const given = readGiven(request.url.replace(/^[^?]*\??/, ''), body);
      const action = actions.find(({ name }) => name === given.action);
      if (action === undefined) throw new BadParameters('Invalid action');
      if (!mayDo(caller.account, action.needs)) return forbid(reply);
      return await send(parts, reply, await run(parts, action, given, caller, request));
    };
    for (const url of ['/api/command', '/api/command.ns'])
      scope.route({ ...{ method: ['GET', 'POST'], url, config, schema }, exposeHeadRoute: false, handler: answer });
    scope.route({
      ...{ method: 'GET', url: '/api/command.xsd', config, schema },
      handler: async (_request, reply) =>
        reply.type('text/xml; charset=UTF-8').send(writeSchema(await namespaceOf(parts))),
    });
  });
};

const forbid = (reply: Reply) => reply.code(403).send({ message: notAllowed });

const run = async (
  parts: CommandParts,
  action: Action,
  { parameters, attributes }: ReturnType<typeof readGiven>,
  { account }: Caller,
  request: Request,
): Promise<Element> => {
  const checked = action.parameters.safeParse(parameters);
  if (!checked.success) throw new BadParameters(toSentence(checked.error, parameters), { cause: checked.error });
  const { database, clock } = parts;
  const by = { principal: toProgram(account), correlationId: request.id };
  const row = await database.system((tx) => findObject(tx, { kind: apiAccounts }, account.id));
  return await action.run({
    ...{ ...parts, by, attributes, parameters, address: request.ip, account: row ?? {} },
    read: (work) => database.system((tx) => work(tx, clock.now())),
    change: (work) => database.system((tx) => work({ tx, by, now: clock.now() })),
  });
};

const namespaceOf = async ({ database }: CommandParts): Promise<string> =>
  `${(await database.system(getOptions)).xmlNamespace}/command`;

const send = async (parts: CommandParts, reply: Reply, root: Element) => {
  const text = writeXml(root, await namespaceOf(parts));
  // Many answers of this address hold what is not for others.
  return reply.header('cache-control', 'no-store').type('text/xml; charset=UTF-8').send(text);
};

/** Tokens are answered in JSON; everything else that is wrong is an answer with status 200, as programs expect. */
const sendError = async (parts: CommandParts, error: unknown, request: Request, reply: Reply) => {
  if (error instanceof OAuthError) return sendOAuthError(reply, error);
  const words = toWords(error);
  if (words !== null) return await send(parts, reply.code(200), element('error', words));
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error, req: request }, 'an action failed');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (problem.status < 429) return await send(parts, reply.code(200), element('error', problem.message));
  return reply
    .code(problem.status)
    .type('application/json')
    .send(JSON.stringify({ message: problem.message }));
};

const toWords = (error: unknown): string | null => {
  if (error instanceof BadParameters) return error.message;
  if (error instanceof z.ZodError) return toSentence(error, {});
  if (!(error instanceof Refusal)) return null;
  return error.errors.length === 0
    ? error.message
    : error.errors.map(({ field, message }) => `${field}: ${message}`).join(' ');
};
