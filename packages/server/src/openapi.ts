import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { createJsonSchemaTransform, type jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Access } from './access.ts';
import { ProblemBody } from './problem.ts';

export interface Described {
  readonly title: string;
  readonly version: string;
}

/** /openapi.json, version 3.1, from the schemas of the routes. To be called before the first route is added. */
export const serveOpenApi = async (app: FastifyInstance, { title, version }: Described): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'session',
            description: 'The cookie a person gets by signing in.',
          },
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A personal API key (gh_…) or the operator token of this machine.',
          },
        },
        responses: {
          Problem: {
            description: 'What went wrong, as RFC 9457 describes it.',
            content: {
              'application/problem+json': { schema: z.toJSONSchema(ProblemBody, { target: 'openapi-3.0' }) as object },
            },
          },
        },
      },
    },
    transform: (route) => {
      const described = transform(route);
      const access: Access | undefined = route.route.config?.access;
      const open = access === 'public' || access === 'program';
      return {
        url: described.url,
        schema: {
          ...described.schema,
          ...(!open && { security: [{ session: [] }, { key: [] }] }),
          ...(typeof access === 'object' && { 'x-tenant-role': access.tenant }),
        } as FastifySchema,
      };
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const { openapiObject } = document;
      for (const path of Object.values(openapiObject.paths ?? {})) {
        for (const operation of Object.values(path ?? {})) {
          if (typeof operation === 'object' && operation !== null && 'responses' in operation) {
            Object.assign(operation.responses ?? {}, { default: { $ref: '#/components/responses/Problem' } });
          }
        }
      }
      return openapiObject;
    },
  });
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'public' },
    schema: { summary: 'This description', tags: ['operation'] },
    handler: async () => app.swagger(),
  });
};

const transform = createJsonSchemaTransform({
  zodToJsonConfig: { unrepresentable: 'any' },
}) as typeof jsonSchemaTransform;
