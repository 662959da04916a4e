import type { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, type Reply, type Request, toProblem } from '@gatehouse/server';
import { z } from 'zod';
import {
  type Account,
  admitProgram,
  type Caller,
  OAuthError,
  perAddress,
  sendOAuthError,
  toProgram,
} from '../oauth/index.ts';
import { type Author, Refusal } from '../objects/index.ts';
import { getOptions } from '../options/index.ts';
import { BadParameters, type Given, readGiven, toSentence } from './parameters.ts';
import { type Element, element, writeXml } from './xml.ts';
import { writeSchema } from './xsd.ts';

/** An API for programs that answers XML at a few addresses. */
export interface XmlApi {
  /** The last part of its namespace, and `/api/<name>.xsd`. */
  readonly name: string;
  readonly addresses: readonly string[];
  /** Every root that an answer may have, as its schema describes it. */
  readonly roots: readonly Element[];
  /** What an account is told that may call nothing of it; null: it may call something. */
  refuse(account: Account): string | null;
  /** @throws BadParameters and Refusal for an `<error>`, and NotAllowed */
  answer(asked: XmlRequest): Promise<Element | Stream>;
}

export interface XmlRequest extends Given {
  readonly account: Account;
  readonly by: Author;
  /** Where the program is. */
  readonly address: string;
  /** That answers are in. */
  readonly namespace: string;
}

/** An answer that goes out as it is made. Where making it fails the connection ends, so that it never looks whole. */
export interface Stream {
  readonly type: string;
  /** Of a file. */
  readonly filename?: string;
  readonly bytes: Readable;
}

/** What an account may not do. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

export const xmlType = 'text/xml; charset=UTF-8';

interface XmlParts {
  readonly database: Database;
  readonly clock: Clock;
}

const config = { access: 'program', rateLimit: perAddress } as const;
/** Described by a schema of its own. */
const schema = { hide: true } as const;

/** The addresses of an API, and its schema, for API accounts. */
export const serveXmlApi = (app: App, parts: XmlParts, api: XmlApi): void => {
  const namespaceOf = async () => `${(await parts.database.system(getOptions)).xmlNamespace}/${api.name}`;
  const send = async (reply: Reply, root: Element) => {
    const text = writeXml(root, await namespaceOf());
    // Many answers of these addresses hold what is not for others.
    return reply.header('cache-control', 'no-store').type(xmlType).send(text);
  };

  app.register(async (scope) => {
    const callers = new WeakMap<Request, Caller>();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
    scope.setErrorHandler((error, request, reply) => sendError(send, error, request, reply));
    scope.addHook('onRequest', async (request, reply) => {
      const caller = await admitProgram(parts, request, reply);
      if (caller === null) return reply;
      callers.set(request, caller);
      const refused = api.refuse(caller.account);
      if (refused !== null) throw new NotAllowed(refused);
      return undefined;
    });
    const answer = async (request: Request, reply: Reply) => {
      const account = callers.get(request)?.account;
      if (account === undefined) throw new Error('an API of programs was reached without a token');
      if (/^multipart\//i.test(request.headers['content-type'] ?? ''))
        throw new BadParameters('Send the parameters as application/x-www-form-urlencoded.');
      const body = typeof request.body === 'string' ? request.body : '';
      const answered = await api.answer({
        ...readGiven(request.url.replace(/^[^?]*\??/, ''), body),
        ...{ account, by: { principal: toProgram(account), correlationId: request.id } },
        ...{ address: request.ip, namespace: await namespaceOf() },
      });
      return 'bytes' in answered ? await sendStream(app, reply, answered) : await send(reply, answered);
    };
    for (const url of api.addresses) {
      // Whoever asks for headers alone wants nothing done.
      scope.route({ ...{ method: ['GET', 'POST'], url, config, schema }, exposeHeadRoute: false, handler: answer });
      refuseOthers(scope, url, ['GET', 'POST']);
    }
    const url = `/api/${api.name}.xsd`;
    scope.route({
      ...{ method: 'GET', url, config, schema },
      handler: async (_request, reply) => reply.type(xmlType).send(writeSchema(api.roots, await namespaceOf())),
    });
    refuseOthers(scope, url, ['GET', 'HEAD']);
  });
};

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const refuseOthers = (scope: App, url: string, served: readonly (typeof methods)[number][]): void =>
  void scope.route({
    ...{ method: methods.filter((one) => !served.includes(one)), url, config, schema, exposeHeadRoute: false },
    handler: async (request, reply) => {
      reply.header('allow', served.join(','));
      if (request.method === 'OPTIONS') return reply.send();
      return sendJson(reply.code(405), `The method ${request.method} is not supported for this address.`);
    },
  });

/** In the header of a file: letters that no browser reads as anything else, and once more in every script where it has more. */
const toDisposition = (name: string): string => {
  const plain = name.replaceAll(/[^\w.-]+/g, '_').slice(0, 150);
  const whole = name
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '_')
    .slice(0, 150)
    .toWellFormed();
  return `attachment; filename="${plain}"${whole === plain ? '' : `; filename*=UTF-8''${encodeURIComponent(whole)}`}`;
};

/** A file, or a document, as it is made. */
export const sendStream = async (app: App, reply: Reply, { type, filename, bytes }: Stream) => {
  const end = () => bytes.destroy(new Error('the site closes'));
  app.closing.addEventListener('abort', end, { once: true });
  bytes.once('close', () => app.closing.removeEventListener('abort', end));
  if (filename !== undefined) reply.header('content-disposition', toDisposition(filename));
  return reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').type(type).send(bytes);
};

type Send = (reply: Reply, root: Element) => Promise<unknown>;

/** Tokens are answered in JSON; everything else that is wrong is an answer with status 200, as programs expect. */
const sendError = async (send: Send, error: unknown, request: Request, reply: Reply) => {
  if (error instanceof OAuthError) return sendOAuthError(reply, error);
  if (error instanceof NotAllowed) return sendJson(reply.code(403), error.message);
  const words = toWords(error);
  if (words !== null) return await send(reply.code(200), element('error', words));
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error, req: request }, 'an API of programs failed');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (problem.status < 429) return await send(reply.code(200), element('error', problem.message));
  return sendJson(reply.code(problem.status), problem.message);
};

const sendJson = (reply: Reply, message: string) => reply.type('application/json').send(JSON.stringify({ message }));

const toWords = (error: unknown): string | null => {
  if (error instanceof BadParameters) return error.message;
  if (error instanceof z.ZodError) return toSentence(error, {});
  if (!(error instanceof Refusal)) return null;
  return error.errors.length === 0
    ? error.message
    : error.errors.map(({ field, message }) => `${field}: ${message}`).join(' ');
};
