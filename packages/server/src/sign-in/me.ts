import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { App } from '../app.ts';
import { audit } from '../audit.ts';
import { problems } from '../problem.ts';
import { signedInPerson } from './identify.ts';
import { findPeople, hasAdministrator } from './people.ts';
import { endSignIn, listSignIns } from './sign-ins.ts';

/** GET /api/session (public): who is signed in, or null; `setup` while no administrator exists. */
export const Session = z.object({
  person: z
    .object({ personId: z.string(), name: z.string(), email: z.string(), systemAdministrator: z.boolean() })
    .nullable(),
  setup: z.boolean(),
});

const When = z.iso.datetime();
/** GET, PATCH /api/me */
export const Me = z.object({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  systemAdministrator: z.boolean(),
  twoFactor: z.boolean(),
  lastSignInAt: When.nullable(),
});
export const MeInput = z.strictObject({ name: z.string().trim().min(1, 'Enter a name.').max(120) });
/** GET /api/me/sessions */
export const MySession = z.object({
  sessionId: z.string(),
  current: z.boolean(),
  createdAt: When,
  lastUsedAt: When,
  expiresAt: When,
  address: z.string().nullable(),
  browser: z.string().nullable(),
});

export const serveMe = (app: App, database: Database): void => {
  app.get(
    '/api/session',
    {
      config: { access: 'public' },
      schema: { summary: 'Who is signed in', tags: ['me'], response: { 200: Session } },
    },
    async ({ caller }) => ({
      person:
        caller?.kind === 'person'
          ? {
              personId: caller.personId,
              name: caller.name,
              email: caller.email,
              systemAdministrator: caller.systemAdministrator,
            }
          : null,
      // Whoever is signed in needs no setup, and most requests are theirs.
      setup: caller === null && !(await database.system(hasAdministrator)),
    }),
  );

  const me = async (personId: string): Promise<z.output<typeof Me>> => {
    const [person] = await database.system((tx) => findPeople(tx, [personId]));
    if (!person) throw problems.signInFirst();
    const { name, email, systemAdministrator, twoFactor, lastSignInAt } = person;
    return { personId, name, email, systemAdministrator, twoFactor, lastSignInAt: lastSignInAt?.toISOString() ?? null };
  };
  app.get(
    '/api/me',
    { config: { access: 'signed-in' }, schema: { summary: 'Me', tags: ['me'], response: { 200: Me } } },
    async ({ principal }) => {
      if (principal.kind !== 'person') throw problems.forbidden('The operator of this machine is no person.');
      return me(principal.personId);
    },
  );
  app.patch(
    '/api/me',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Change my name', tags: ['me'], body: MeInput, response: { 200: Me } },
    },
    async (request) => {
      const { principal } = request;
      if (principal.kind !== 'person') throw problems.forbidden('The operator of this machine is no person.');
      const { name } = request.body;
      await database.system(async (tx) => {
        await sql`update people set name = ${name}, updated_at = now() where id = ${principal.personId}`.execute(tx);
        await audit(tx, request.act, {
          action: 'person.rename',
          target: principal.email,
          change: { before: principal.name, after: name },
        });
      });
      return me(principal.personId);
    },
  );

  app.get(
    '/api/me/sessions',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Where I am signed in', tags: ['me'], response: { 200: z.array(MySession) } },
    },
    async (request) =>
      (await listSignIns(database, signedInPerson(request))).map(
        ({ signInId, createdAt, lastUsedAt, expiresAt, address, browser }) => ({
          sessionId: signInId,
          current: signInId === request.signInId,
          createdAt: createdAt.toISOString(),
          lastUsedAt: lastUsedAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          address,
          browser,
        }),
      ),
  );
  app.delete(
    '/api/me/sessions/:sessionId',
    {
      config: { access: 'signed-in', endsAccess: true },
      schema: {
        summary: 'Sign out one browser',
        tags: ['me'],
        params: z.object({ sessionId: z.string().max(100) }),
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const own = await listSignIns(database, signedInPerson(request));
      const found = own.find(({ signInId }) => signInId === request.params.sessionId);
      if (!found) throw problems.notFound();
      await endSignIn(database, found.signInId);
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/me/sessions',
    {
      config: { access: 'signed-in', endsAccess: true },
      schema: { summary: 'Sign out everywhere, here too', tags: ['me'], response: { 204: z.void() } },
    },
    async (request, reply) => {
      const personId = signedInPerson(request);
      await database.system(async (tx) => {
        await sql`delete from sign_ins where person_id = ${personId}`.execute(tx);
        await audit(tx, request.act, { action: 'person.sign-out-everywhere', target: request.principal.name });
      });
      return reply.code(204).send();
    },
  );
};
