import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problems } from './problem.ts';

/** Requests a minute. People page through tables and watch runs; a stranger needs a page and a sign-in. */
const perMinute = { signedIn: 3_000, stranger: 600, files: 6_000 } as const;

/** The files of pages: a page that nobody has opened yet is some fifty of them, and a whole office may share an address. */
const isFile = ({ routeOptions }: FastifyRequest) => routeOptions.url === '/*';

/**
 * A limit per principal, or per address for strangers, so that one caller cannot take the server from the others. The
 * command line on this machine has none. Counted in each process: it protects the process.
 */
export const limitRequests = async (app: FastifyInstance): Promise<void> => {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    max: (request: FastifyRequest) =>
      isFile(request) ? perMinute.files : request.caller ? perMinute.signedIn : perMinute.stranger,
    keyGenerator: (request: FastifyRequest) =>
      isFile(request)
        ? `files ${request.ip}`
        : request.caller?.kind === 'person'
          ? request.caller.personId
          : request.ip,
    allowList: ({ caller }: FastifyRequest) => caller?.kind === 'operator',
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { ttl }) => problems.tooMany(Math.max(1, Math.ceil(ttl / 1_000))),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async () => {
    throw problems.notFound();
  });
};
