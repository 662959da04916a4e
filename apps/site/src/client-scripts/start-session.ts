import type { App } from '@gatehouse/server';
import { z } from 'zod';
import { perAddress } from '../oauth/index.ts';

const Query = z.object({
  short_key: z
    .string()
    .regex(/^\d{7}$/)
    .optional()
    .catch(undefined),
});

/**
 * Where links of other pages lead customers. All of them come to the portal, with the key that they bring; there they say
 * what they need help with, and who they are.
 */
export const serveStartSession = (app: App): void => {
  for (const url of ['/api/start_session', '/api/start_session.ns'])
    app.get(
      url,
      { config: { access: 'public', rateLimit: perAddress }, schema: { hide: true }, exposeHeadRoute: false },
      async (request, reply) => {
        const { short_key: key } = Query.parse(request.query);
        return reply.header('cache-control', 'no-store').redirect(key === undefined ? '/' : `/?ak=${key}`, 303);
      },
    );
};
