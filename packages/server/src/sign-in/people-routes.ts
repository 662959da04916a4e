import type { Database, Sql } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Act } from '../access.ts';
import type { App } from '../app.ts';
import { audit } from '../audit.ts';
import { problems } from '../problem.ts';
import { findPeople, listPeople, type Person } from './people.ts';
import { deletePerson, keepAdministrator } from './people-changes.ts';
import { invitePerson, renewLink, type WelcomeParts } from './welcome.ts';

/** GET /api/people (system administrator) */
export const PersonOfProgram = z.object({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  systemAdministrator: z.boolean(),
  twoFactor: z.boolean(),
  welcomed: z.boolean(),
  lastSignInAt: z.iso.datetime().nullable(),
});
export const PersonInput = z.strictObject({
  email: z.email('Enter an e-mail address.').max(300),
  name: z.string().trim().min(1, 'Enter a name.').max(120).optional(),
});
export const PersonChange = z.strictObject({ systemAdministrator: z.boolean() });
/** `link` is null for somebody who can sign in already. */
export const InvitedPerson = z.object({ personId: z.string(), link: z.string().nullable() });

const access = 'system-administrator';
const tags = ['people'];
const params = z.object({ personId: z.string().min(1).max(100) });
const toJson = ({ lastSignInAt, ...person }: Person) => ({
  ...person,
  lastSignInAt: lastSignInAt?.toISOString() ?? null,
});

/** What system administrators and the operator do with people: find, invite, help back in, remove. */
export const servePeople = (app: App, parts: WelcomeParts): void => {
  const { database } = parts;
  app.get(
    '/api/people',
    {
      config: { access },
      schema: {
        summary: 'Everybody who may sign in, by address',
        tags,
        querystring: z.object({
          cursor: z.string().max(400).optional(),
          limit: z.coerce.number().int().min(1).max(500).default(50),
        }),
        response: { 200: z.object({ items: z.array(PersonOfProgram), next: z.string().nullable() }) },
      },
    },
    async ({ query }) => {
      const people = await database.system((tx) => listPeople(tx, query.cursor ?? '', query.limit + 1));
      const items = people.slice(0, query.limit);
      return { items: items.map(toJson), next: people.length > query.limit ? (items.at(-1)?.email ?? null) : null };
    },
  );
  app.post(
    '/api/people',
    {
      config: { access },
      schema: { summary: 'Invite somebody', tags, body: PersonInput, response: { 200: InvitedPerson } },
    },
    async ({ body, act }) => database.system((tx) => invitePerson(parts, tx, act, body)),
  );
  app.post(
    '/api/people/:personId/link',
    {
      config: { access },
      schema: {
        summary: 'Make a link with which somebody sets a new password',
        tags,
        params,
        response: { 200: z.object({ link: z.string() }) },
      },
    },
    async ({ params, act }) => ({
      link: await database.system((tx) => renewLink(parts, tx, act, params.personId as PersonId)),
    }),
  );
  app.patch(
    '/api/people/:personId',
    {
      config: { access, endsAccess: true },
      schema: {
        summary: 'Make somebody a system administrator, or no longer',
        tags,
        params,
        body: PersonChange,
        response: { 204: z.void() },
      },
    },
    async ({ params, body, act }, reply) => {
      await change(database, params.personId, act, 'person.change', { ...body }, (tx, { personId }) =>
        sql`update people set system_administrator = ${body.systemAdministrator}, updated_at = now() where id = ${personId}`.execute(
          tx,
        ),
      );
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/people/:personId/second-factor',
    {
      config: { access, endsAccess: true },
      schema: {
        summary: 'Take the authenticator app and the passkeys of somebody who lost them away',
        tags,
        params,
        response: { 204: z.void() },
      },
    },
    async ({ params, act }, reply) => {
      await change(database, params.personId, act, 'person.second-factor.delete', {}, async (tx, { personId }) => {
        await sql`delete from second_factors where person_id = ${personId}`.execute(tx);
        await sql`delete from passkeys where person_id = ${personId}`.execute(tx);
        await sql`update people set two_factor_enabled = false, updated_at = now() where id = ${personId}`.execute(tx);
        await sql`delete from sign_ins where person_id = ${personId}`.execute(tx);
      });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/people/:personId',
    {
      config: { access, endsAccess: true },
      schema: {
        summary: 'Remove somebody: their sign-ins and API keys end at once',
        tags,
        params,
        response: { 204: z.void() },
      },
    },
    async ({ params, act }, reply) => {
      await change(database, params.personId, act, 'person.delete', {}, (tx, { personId }) =>
        deletePerson(tx, personId),
      );
      return reply.code(204).send();
    },
  );
};

const change = (
  database: Database,
  personId: string,
  act: Act,
  action: string,
  after: Record<string, boolean>,
  work: (tx: Sql, person: Person) => Promise<unknown>,
): Promise<void> =>
  database.system((tx) =>
    keepAdministrator(tx, async () => {
      const [person] = await findPeople(tx, [personId]);
      if (!person) throw problems.notFound();
      await work(tx, person);
      await audit(tx, act, { action, target: person.email, change: after });
    }),
  );
