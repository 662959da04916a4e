import type { Sql } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { TeamChange, TeamInput, TeamMember, Team as TeamShape } from '../api/teams.ts';
import { Key, ListQuery, list, SearchQuery } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { findPerson, mayBeAssigned, permit } from '../people/index.ts';
import { invalid } from '../problems.ts';
import {
  deleteTeam,
  findTeam,
  insertTeam,
  listMembers,
  listTeams,
  numbersOfTeam,
  setMember,
  type Team,
  updateTeam,
} from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['teams'];
const params = z.object({ id: Key });
const taken = () => invalid('name', 'There is a team with this name already.');

export const serveTeams = (app: App, parts: DeskParts): void => {
  const { database } = parts;
  app.get(
    '/api/teams',
    {
      config,
      schema: { summary: 'Teams, by name', tags, querystring: SearchQuery, response: { 200: list(TeamShape) } },
    },
    async (request) => {
      await permit(database, request, 'technician');
      const page = await database.read((tx) => listTeams(tx, request.query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.get(
    '/api/teams/:id',
    { config, schema: { summary: 'A team, by id or name', tags, params, response: { 200: TeamShape } } },
    async (request) => {
      await permit(database, request, 'technician');
      return toJson(await database.read((tx) => getTeam(tx, request.params.id)));
    },
  );
  app.post(
    '/api/teams',
    { config, schema: { summary: 'Add a team', tags, body: TeamInput, response: { 201: TeamShape } } },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      const made = await database.system(async (tx) => {
        const id = await insertTeam(tx, request.body);
        if (id === null) throw taken();
        await audit(tx, act, { action: 'team.create', target: request.body.name, change: request.body });
        return getTeam(tx, id);
      });
      return reply.code(201).send(toJson(made));
    },
  );
  app.patch(
    '/api/teams/:id',
    { config, schema: { summary: 'Change a team', tags, params, body: TeamChange, response: { 200: TeamShape } } },
    async (request) => {
      const { act } = await permit(database, request, 'manager');
      return database.system(async (tx) => {
        const { id, name: before, comment: commentBefore } = await getTeam(tx, request.params.id);
        const { name = before, comment = commentBefore } = request.body;
        const other = await findTeam(tx, name);
        if (other !== null && other.id !== id && name.toLowerCase() !== before.toLowerCase()) throw taken();
        await updateTeam(tx, { id, name, comment });
        await audit(tx, act, { action: 'team.change', target: before, change: request.body });
        return toJson(await getTeam(tx, id));
      });
    },
  );
  app.delete(
    '/api/teams/:id',
    { config, schema: { summary: 'Delete a team that has no case', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      await database.system(async (tx) => {
        const { id, name } = await getTeam(tx, request.params.id);
        const numbers = await numbersOfTeam(tx, id);
        if (numbers.length > 0)
          throw problems.conflict(`It has cases, such as ${numbers.join(', ')}. Give those to another team first.`);
        await deleteTeam(tx, id);
        await audit(tx, act, { action: 'team.delete', target: name });
      });
      return reply.code(204).send();
    },
  );
  serveMembers(app, parts);
};

const serveMembers = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/teams/:id/members',
    {
      config,
      schema: {
        ...{ summary: 'Who is in a team, by name', tags, params, querystring: ListQuery },
        response: { 200: list(TeamMember) },
      },
    },
    async (request) => {
      await permit(database, request, 'technician');
      return database.read(async (tx) => {
        const { id } = await getTeam(tx, request.params.id);
        return listMembers(tx, id, request.query);
      });
    },
  );
  for (const [method, summary, isMember] of [
    ['PUT', 'Put somebody into a team', true],
    ['DELETE', 'Take somebody out of a team', false],
  ] as const)
    app.route({
      ...{ method, url: '/api/teams/:id/members/:personId', config },
      schema: { summary, tags, params: params.extend({ personId: Key }), response: { 204: z.void() } },
      async handler(request, reply) {
        const { act } = await permit(database, request, 'manager');
        await database.system(async (tx) => {
          const [team, person] = [await getTeam(tx, request.params.id), await findPerson(tx, request.params.personId)];
          if (person === null) throw problems.notFound();
          if (isMember && !mayBeAssigned(person))
            throw problems.conflict('Only those who work at the desk are in teams.');
          if (!(await setMember(tx, team.id, person.id, isMember))) return;
          const action = isMember ? 'team.add-member' : 'team.remove-member';
          await audit(tx, act, { action, target: team.name, change: { login: person.login } });
        });
        return reply.code(204).send();
      },
    });
};

const getTeam = async (tx: Sql, key: string): Promise<Team> => {
  const team = await findTeam(tx, key);
  if (team === null) throw problems.notFound();
  return team;
};

const toJson = (team: Team) => ({ ...team, createdAt: team.createdAt.toISOString() });
