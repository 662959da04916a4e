import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../app.ts';
import { problems } from '../problem.ts';
import { Password } from './passwords.ts';
import type { SignInParts } from './routes.ts';
import { acceptWelcome, findWelcome } from './welcome.ts';

/** POST /api/welcome/check: what the link is for. `email` is null for the first administrator, who enters one. */
export const WelcomeCheckInput = z.strictObject({ token: z.string().min(1).max(200) });
export const WelcomeCheck = z.object({ email: z.string().nullable(), name: z.string().nullable() });
/** POST /api/welcome: sets name and password, and signs in. */
export const WelcomeInput = z.strictObject({
  token: z.string().min(1).max(200),
  name: z.string().trim().min(1, 'Enter your name.').max(120),
  password: Password,
  /** Only for the first administrator. */
  email: z.email('Enter an e-mail address.').max(300).optional(),
});

type SignInNow = (request: FastifyRequest, reply: FastifyReply, email: string, password: string) => Promise<void>;

export const serveWelcome = (app: App, { database }: SignInParts, signInNow: SignInNow): void => {
  app.post(
    '/api/welcome/check',
    {
      config: { access: 'public' },
      schema: {
        summary: 'What a one-time link is for',
        tags: ['sign-in'],
        body: WelcomeCheckInput,
        response: { 200: WelcomeCheck },
      },
    },
    async (request) => {
      const welcome = await database.system((tx) => findWelcome(tx, request.body.token));
      if (!welcome) throw problems.notFound();
      return { email: welcome.email, name: welcome.name };
    },
  );
  app.post(
    '/api/welcome',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Use a one-time link: set name and password, and sign in',
        tags: ['sign-in'],
        body: WelcomeInput,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const email = await acceptWelcome(database, body, request.id);
      await signInNow(request, reply, email, body.password);
      return reply.code(204).send();
    },
  );
};
