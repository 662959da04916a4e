import { jumpPaths } from '@gatehouse/remote-access/jump';
import { type App, problems, type Release } from '@gatehouse/server';
import { z } from 'zod';

/** A minute, from one address: many machines behind it may update themselves at once. */
const config = { access: 'program', rateLimit: { max: 3_000 } } as const;
const tags = ['jump clients'];
const Signed = z.object({ manifest: z.string(), signature: z.string() });

/** The program of Jump Clients. It is no secret; what is started is only what the release key signed. */
export const serveRelease = (app: App, release: Release | null): void => {
  app.get(
    jumpPaths.release,
    { config, schema: { summary: 'The newest Jump Client, as it was signed', tags, response: { 200: Signed } } },
    async () => {
      if (release === null) throw problems.notFound();
      return release.signed;
    },
  );
  app.get(
    `${jumpPaths.release}/:file`,
    { config, schema: { summary: 'A file of it', tags, params: z.object({ file: z.string().max(100) }) } },
    async ({ params: { file } }, reply) => {
      const content = (await release?.read(file)) ?? null;
      if (content === null) throw problems.notFound();
      reply.header('content-type', 'application/octet-stream');
      return reply.send(content);
    },
  );
};
