import { apiFolder, Case, CaseList, ChangeList, Me, NoteList, PeopleList } from '@gatehouse/desks/builtin/api';
import type { Server } from '@gatehouse/server';
import { z } from 'zod';
import { changesAfter, findByField, getCase, newestNotes } from '../cases/index.ts';
import type { DeskParts } from '../parts.ts';
import { findByLoginOrEmail } from '../people/index.ts';
import { accountOf, admit, config, params, tags } from './admit.ts';
import { toCases, toNote } from './shapes.ts';
import { serveWrites } from './write-routes.ts';

const text = z
  .string()
  .max(1_000)
  .regex(/^[^\0]*$/);

/** The API that programs read and write cases by, such as support sessions do. */
export const serveProgramApi = ({ app }: Server, parts: DeskParts): void => {
  const { database, baseUrl } = parts;
  app.get(
    `${apiFolder}/me`,
    {
      ...{ config, onRequest: admit(database, null) },
      schema: { summary: 'Whose token this is, and what it may do', tags, response: { 200: Me } },
    },
    async (request) => {
      const { login, permissions } = accountOf(request);
      return { login, permissions: [...permissions] };
    },
  );
  app.get(
    `${apiFolder}/cases/:key`,
    {
      ...{ config, onRequest: admit(database, 'cases.read') },
      schema: { summary: 'A case, by id or number', tags, params, response: { 200: Case } },
    },
    async (request, reply) => {
      const one = await database.read(async (tx) => {
        const [found] = await toCases(tx, baseUrl(), [await getCase(tx, request.params.key)]);
        return found;
      });
      if (one === undefined) throw new Error('a case has no shape');
      reply.header('etag', `"${one.version}"`);
      return one;
    },
  );
  app.get(
    `${apiFolder}/cases`,
    {
      ...{ config, onRequest: admit(database, 'cases.read') },
      schema: {
        ...{ summary: 'Cases whose field holds exactly a value', tags },
        ...{ querystring: z.object({ field: text, value: text }), response: { 200: CaseList } },
      },
    },
    async ({ query: { field, value } }) =>
      database.read(async (tx) => ({ cases: await toCases(tx, baseUrl(), await findByField(tx, field, value)) })),
  );
  app.get(
    `${apiFolder}/cases/:key/notes`,
    {
      ...{ config, onRequest: admit(database, 'notes.read') },
      schema: { summary: 'The notes of a case, oldest first', tags, params, response: { 200: NoteList } },
    },
    async ({ params: { key } }) =>
      database.read(async (tx) => {
        const { id } = await getCase(tx, key);
        return { notes: (await newestNotes(tx, id)).map(toNote) };
      }),
  );
  app.get(
    `${apiFolder}/people`,
    {
      ...{ config, onRequest: admit(database, 'people.read') },
      schema: {
        ...{ summary: 'People by login or address', tags, response: { 200: PeopleList } },
        querystring: z.object({ login: text.optional(), email: text.optional() }),
      },
    },
    async ({ query }) => ({ people: [...(await database.read((tx) => findByLoginOrEmail(tx, query)))] }),
  );
  app.get(
    `${apiFolder}/changes`,
    {
      ...{ config, onRequest: admit(database, 'cases.read') },
      schema: {
        ...{ summary: 'Cases that changed after a cursor', tags, response: { 200: ChangeList } },
        querystring: z.object({
          after: z
            .string()
            .regex(/^\d{1,15}$/, 'This is no cursor.')
            .optional(),
        }),
      },
    },
    async ({ query: { after } }) => {
      const { cases, cursor } = await database.read((tx) =>
        changesAfter(tx, after === undefined ? null : Number(after)),
      );
      return { cases, cursor: String(cursor) };
    },
  );
  serveWrites(app, parts);
};
