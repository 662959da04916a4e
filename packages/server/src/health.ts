import type { Database } from '@gatehouse/database';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** Rejects with a sentence for the operator when this part cannot work now. */
export type ReadyCheck = () => Promise<void>;

/** /healthz: the process answers. /readyz: it can do its work, else 503 with what is missing. */
export const serveHealth = (
  app: FastifyInstance,
  database: Database,
  checks: Readonly<Record<string, ReadyCheck>>,
): void => {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Whether the process is alive',
        tags: ['operation'],
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  const all: Readonly<Record<string, ReadyCheck>> = { database: () => database.ready(2_000), ...checks };
  routes.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Whether the program can do its work, with reasons',
        tags: ['operation'],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (request, reply) => {
      const parts = await Promise.all(
        Object.entries(all).map(async ([part, check]) => {
          try {
            await within(3_000, check());
            return { part, ready: true, reason: null };
          } catch (error) {
            request.log.warn({ err: error, part }, 'not ready');
            return { part, ready: false, reason: `The ${part} does not answer. The log says why.` };
          }
        }),
      );
      const ready = parts.every((part) => part.ready);
      return reply.code(ready ? 200 : 503).send({ ready, parts });
    },
  );
};

const Readiness = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({ part: z.string(), ready: z.boolean(), reason: z.string().nullable() })),
});

const within = async (ms: number, work: Promise<void>): Promise<void> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
