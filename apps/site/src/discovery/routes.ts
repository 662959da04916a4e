import type { Database } from '@gatehouse/database';
import type { App } from '@gatehouse/server';
import { z } from 'zod';
import { getOptions } from '../options/index.ts';

const tags = ['programs'];

/** What programs ask before they have a token: which product this is, and whether it works. */
export const serveDiscovery = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/get_mech_list',
    {
      config: { access: 'public' },
      schema: {
        ...{ summary: 'Ways to sign in, and the product whose API this site has', tags },
        querystring: z.object({ version: z.string().max(10).optional() }),
        response: {
          200: z.object({
            mechs: z.array(z.string()),
            default_mech: z.string(),
            cache: z.enum(['0', '1']),
            company: z.string(),
            product: z.string(),
          }),
        },
      },
    },
    async () => ({
      ...{ mechs: ['local'], default_mech: 'local', cache: '0' as const },
      // The name that programs know privileged remote access by.
      ...{ company: (await database.system(getOptions)).company, product: 'bpam' },
    }),
  );
  app.get(
    '/check_health',
    { config: { access: 'public' }, schema: { summary: 'Whether the site works, in words: 200 or 500', tags } },
    async (request, reply) => {
      reply.type('text/plain; charset=utf-8');
      try {
        await database.ready(2_000);
        return 'The site is healthy.\n';
      } catch (error) {
        request.log.warn({ err: error }, 'not healthy');
        return reply.code(500).send('The site is not healthy: its database does not answer.\n');
      }
    },
  );
};
