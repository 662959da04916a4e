import type { Secret } from '@gatehouse/kernel';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client';
import { problems } from './problem.ts';
import { isSameSecret } from './tokens.ts';

/**
 * /metrics in Prometheus' text format. Without a token only this machine may read it, because the names of routes and
 * their traffic are nobody else's business.
 */
export const serveMetrics = (app: FastifyInstance, registry: Registry, token: Secret | undefined): void => {
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address: ids would make a series each.
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'public' },
    schema: { summary: 'Metrics in the Prometheus text format', tags: ['operation'] },
    handler: async (request, reply) => {
      const presented = request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
      const allowed = token ? isSameSecret(presented, token) : isLoopback(request.ip);
      if (!allowed) throw problems.notFound();
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  });
};

export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
