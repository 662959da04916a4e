import {
  BatchAnswer,
  Hello,
  HelloAnswer,
  ingestPaths,
  largestBatch,
  type OutOfOrder,
  Registered,
  Registration,
  refusals,
  SignedManifest,
} from '@gatehouse/connector-kit/ingest';
import { type App, Problem, problems, type Release } from '@gatehouse/server';
import { z } from 'zod';
import { type Asked, readMessage, useMessage } from './devices.ts';
import { answerHello, type HelloParts } from './hello.ts';
import { type ReceiveParts, receiveBatch } from './receive.ts';
import { type RegisterParts, registerCollector } from './register.ts';

export interface DeviceRouteParts extends HelloParts, ReceiveParts, RegisterParts {
  readonly release: Release | null;
  /** The public half of the key that signs releases. */
  readonly releaseKey: string;
  /** Called after a run was queued. */
  wake(): void;
}

const tags = ['collectors'];
/** A minute, from one address. Somebody who guesses keys gets a few tries, collectors behind one address enough. */
const perMinute = { register: 30, others: 3_000 } as const;
const program = { access: 'program', rateLimit: { max: perMinute.others } } as const;

/**
 * What collectors call. Bodies reach the routes as the bytes that were signed; the schemas describe them, and are
 * applied after the signature was found to be good.
 */
export const serveDevices = (app: App, parts: DeviceRouteParts): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      ['application/json', 'application/gzip'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    // The signature comes first, so nothing is parsed before the handler.
    scope.setValidatorCompiler(() => (value) => ({ value }));
    serve(scope as unknown as App, parts); // the same instance; only the type of the provider is lost on the way
  });
};

const serve = (app: App, parts: DeviceRouteParts): void => {
  const { database, clock, release } = parts;

  app.post(
    ingestPaths.register,
    {
      bodyLimit: 10_000,
      config: { access: 'program', rateLimit: { max: perMinute.register } },
      schema: {
        ...{ summary: 'Register a collector', tags, body: Registration, response: { 200: Registered } },
        description: 'Exchanges an installation key, once, for the right to sign with a key of the device.',
      },
    },
    async (request) => {
      const { collectorId, name } = await registerCollector(parts, parseJson(request.body), request.id);
      return { collectorId, name, releaseKey: parts.releaseKey };
    },
  );

  app.post(
    ingestPaths.hello,
    {
      bodyLimit: 1_048_576,
      config: program,
      schema: {
        ...{ summary: 'Say how a collector is', tags, body: Hello, response: { 200: HelloAnswer } },
        description: 'Signed by the device. Answers with what it may read, and where its streams stand.',
      },
    },
    async (request) => {
      const signed = await readMessage(database, clock, toAsked(request));
      const hello = parseAs(Hello, parseJson(signed.body));
      return await useMessage(database, clock, signed, (tx, at) => answerHello(tx, signed.act, hello, at, parts));
    },
  );

  app.post(
    ingestPaths.batches,
    {
      bodyLimit: largestBatch,
      config: program,
      schema: {
        ...{ summary: 'Send a batch', tags, response: { 200: BatchAnswer } },
        description:
          'Signed by the device; application/gzip. A batch that was stored before is `known`; 409 out-of-order says in `place` where the stream stands.',
      },
    },
    async (request) => {
      const signed = await readMessage(database, clock, toAsked(request));
      const received = await receiveBatch(parts, signed);
      if (received.state === 'out-of-order') throw outOfOrder(received.place);
      if (received.state === 'stored') parts.wake();
      return { state: received.state };
    },
  );

  app.get(
    ingestPaths.release,
    {
      config: program,
      schema: {
        ...{ summary: 'The newest release of the collector', tags, response: { 200: SignedManifest } },
        description: 'Signed by the device.',
      },
    },
    async (request) => {
      const signed = await readMessage(database, clock, toAsked(request));
      await useMessage(database, clock, signed, async () => undefined);
      if (!release) throw problems.notFound();
      return release.signed;
    },
  );

  app.get(
    `${ingestPaths.release}/:file`,
    {
      config: program,
      schema: {
        ...{ summary: 'A file of the newest release', tags, params: z.object({ file: z.string().max(100) }) },
        description: 'Signed by the device.',
      },
    },
    async (request, reply) => {
      const signed = await readMessage(database, clock, toAsked(request));
      await useMessage(database, clock, signed, async () => undefined);
      const content = (await release?.read(request.params.file)) ?? null;
      if (!content) throw problems.notFound();
      return reply.type('application/octet-stream').send(content);
    },
  );
};

const outOfOrder = (place: z.output<typeof OutOfOrder>['place']) =>
  new Problem(
    409,
    refusals.order,
    'Out of order',
    'This batch does not follow the last one of its stream. Begin the stream anew.',
    { members: { place } },
  );

const toAsked = ({ method, url, headers, body, id }: Omit<Asked, 'body'> & { readonly body?: unknown }): Asked => ({
  ...{ method, url, headers, body, id },
});

const parseJson = (body: unknown): unknown => {
  if (!(body instanceof Uint8Array)) throw problems.unreadable();
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw problems.unreadable(cause);
  }
};

const parseAs = <T extends z.ZodType>(shape: T, value: unknown): z.output<T> => {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw problems.invalid(
    parsed.error.issues.slice(0, 50).map(({ path, message }) => ({ field: path.join('.'), message })),
  );
};
