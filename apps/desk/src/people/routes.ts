import { type App, problems, type Server } from '@gatehouse/server';
import { z } from 'zod';
import {
  AddedPerson,
  DeskMe,
  DeskPersonChange,
  DeskPersonInput,
  DeskPerson as DeskPersonShape,
  PeopleQuery,
} from '../api/people.ts';
import { Key, list } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { addPerson, changePerson, removePerson } from './change.ts';
import { permit } from './permit.ts';
import { findPerson, listPeople, toJson } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['people'];
const params = z.object({ id: Key });

/** Those who ask for help, and those who give it. Technicians add customers; everything else is for managers. */
export const servePeople = (server: Server, parts: DeskParts): void => {
  const { app } = server;
  serveReading(app, parts);
  app.post(
    '/api/desk/people',
    {
      config,
      schema: {
        summary: 'Add a customer, or invite somebody',
        tags,
        body: DeskPersonInput,
        response: { 201: AddedPerson },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = await permit(parts.database, request, body.role === 'customer' ? 'technician' : 'manager');
      const { person, link } = await parts.database.system((tx) => addPerson(server, tx, caller.act, body));
      return reply.code(201).send({ person: toJson(person), link });
    },
  );
  app.patch(
    '/api/desk/people/:id',
    {
      config: { ...config, endsAccess: true },
      schema: {
        ...{ summary: 'Change somebody, and what they may do', tags, params },
        ...{ body: DeskPersonChange, response: { 200: DeskPersonShape } },
      },
    },
    async (request) => {
      const { act } = await permit(parts.database, request, 'manager');
      return toJson(await parts.database.system((tx) => changePerson(tx, act, request.params.id, request.body)));
    },
  );
  app.delete(
    '/api/desk/people/:id',
    {
      config,
      schema: { summary: 'Remove a customer who has no case', tags, params, response: { 204: z.void() } },
    },
    async (request, reply) => {
      const { act } = await permit(parts.database, request, 'manager');
      await parts.database.system((tx) => removePerson(tx, act, request.params.id));
      return reply.code(204).send();
    },
  );
};

const serveReading = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/desk/me',
    { config, schema: { summary: 'What you are at this desk', tags, response: { 200: DeskMe } } },
    async (request) => {
      const { person, role } = await permit(database, request, 'customer');
      return { person, role };
    },
  );
  app.get(
    '/api/desk/people',
    {
      config,
      schema: {
        ...{ summary: 'Everybody whom the desk knows, by name', tags, querystring: PeopleQuery },
        response: { 200: list(DeskPersonShape) },
      },
    },
    async (request) => {
      await permit(database, request, 'technician');
      const page = await database.read((tx) => listPeople(tx, request.query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.get(
    '/api/desk/people/:id',
    { config, schema: { summary: 'Somebody, by id or login', tags, params, response: { 200: DeskPersonShape } } },
    async (request) => {
      await permit(database, request, 'technician');
      const person = await database.read((tx) => findPerson(tx, request.params.id));
      if (person === null) throw problems.notFound();
      return toJson(person);
    },
  );
};
