import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ManagementSet, SetChange, SetInput, System } from '../api/systems.ts';
import { ListQuery, list, SearchQuery } from '../api/words.ts';
import { change } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { stillUsed } from '../problems.ts';
import { deleteSet, findSet, listSets, listUsesOfSet, putSet, type ManagementSet as Row, setMember } from './sets.ts';
import { findSystem } from './store.ts';
import { listSystems } from './systems.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['management sets'];
const params = z.object({ setId: z.uuid() });
const OneSystem = z.object({ setId: z.uuid(), systemId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

export const serveSets = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/sets',
    {
      config,
      schema: {
        ...{ summary: 'Management sets, by name', tags, querystring: SearchQuery },
        response: { 200: list(ManagementSet) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listSets(tx, query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/sets',
    { config, schema: { summary: 'Add a management set', tags, body: SetInput, response: { 201: ManagementSet } } },
    async (request, reply) => {
      const at = clock.now();
      const set = { ...request.body, setId: newId<string>(at.getTime()), createdAt: at, systems: 0 };
      await change(parts, request, async (tx, note) => {
        await putSet(tx, set);
        note({ ...changed, target: set.name, message: `added the management set ${set.name}` });
      });
      reply.code(201);
      return toJson(set);
    },
  );
  app.get(
    '/api/sets/:setId',
    { config, schema: { summary: 'A management set', tags, params, response: { 200: ManagementSet } } },
    async ({ params: { setId } }) => toJson(await database.system((tx) => findSet(tx, setId))),
  );
  app.patch(
    '/api/sets/:setId',
    {
      config,
      schema: { summary: 'Change a management set', tags, params, body: SetChange, response: { 200: ManagementSet } },
    },
    async (request) =>
      change(parts, request, async (tx, note) => {
        const before = await findSet(tx, request.params.setId);
        if (before === null) throw problems.notFound();
        const { name = before.name, comment = before.comment } = request.body;
        await putSet(tx, { ...before, name, comment });
        note({ ...changed, target: name, message: `changed the management set ${before.name}`, arguments: { name } });
        return toJson({ ...before, name, comment });
      }),
  );
  app.delete(
    '/api/sets/:setId',
    {
      config,
      schema: {
        ...{ summary: 'Delete a management set; its systems stay', tags, params },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { setId } = request.params;
      await change(parts, request, async (tx, note) => {
        const set = await findSet(tx, setId);
        if (set === null) throw problems.notFound();
        const uses = await listUsesOfSet(tx, setId);
        if (uses.length > 0) throw stillUsed(`The management set ${set.name}`, uses);
        await deleteSet(tx, setId);
        note({ ...changed, target: set.name, message: `deleted the management set ${set.name}` });
      });
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/sets/:setId/systems',
    {
      config,
      schema: {
        ...{ summary: 'Systems of a management set, by name', tags, params, querystring: ListQuery },
        response: { 200: list(System) },
      },
    },
    async ({ params: { setId }, query }) =>
      database.system(async (tx) => {
        if ((await findSet(tx, setId)) === null) throw problems.notFound();
        const page = await listSystems(tx, { ...query, setId });
        return { ...page, items: page.items.map((system) => ({ ...system, trust: [...system.trust] })) };
      }),
  );
  for (const [method, isIn] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const)
    app.route({
      method,
      url: '/api/sets/:setId/systems/:systemId',
      config,
      schema: {
        summary: isIn ? 'Put a system into a management set' : 'Take a system out of a management set',
        ...{ tags, params: OneSystem, response: { 204: z.void() } },
      },
      handler: async (request, reply) => {
        const { setId, systemId } = request.params;
        await change(parts, request, async (tx, note) => {
          const [set, system] = [await findSet(tx, setId), await findSystem(tx, systemId)];
          if (set === null || system === null) throw problems.notFound();
          if (!(await setMember(tx, setId, systemId, isIn))) return;
          const message = `${isIn ? 'put' : 'took'} ${system.name} ${isIn ? 'into' : 'out of'} the management set ${set.name}`;
          note({ ...changed, target: set.name, message });
        });
        return reply.code(204).send();
      },
    });
};

const toJson = (set: Row | null): z.input<typeof ManagementSet> => {
  if (set === null) throw problems.notFound();
  return { ...set, createdAt: set.createdAt.toISOString() };
};
