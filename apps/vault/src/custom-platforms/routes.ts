import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { CustomPlatform, CustomPlatformInput } from '../api/custom-platforms.ts';
import { list, SearchQuery } from '../api/words.ts';
import { change } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { stillUsed } from '../problems.ts';
import {
  deleteCustomPlatform,
  findCustomPlatform,
  type ListedPlatform,
  listCustomPlatforms,
  listUsesOfPlatform,
  putCustomPlatform,
} from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['platforms'];
const params = z.object({ platformId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

/** Kinds of systems that an administrator describes. What is changed of one stands in the audit with all of its rules. */
export const serveCustomPlatforms = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/platforms',
    {
      config,
      schema: {
        ...{ summary: 'Custom platforms, by name', tags, querystring: SearchQuery },
        response: { 200: list(CustomPlatform) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listCustomPlatforms(tx, query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/platforms',
    {
      config,
      schema: {
        ...{
          summary: 'Add a custom platform: how passwords of a kind of system are verified and changed over SSH',
          tags,
        },
        ...{ body: CustomPlatformInput, response: { 201: CustomPlatform } },
      },
    },
    async (request, reply) => {
      const at = clock.now();
      const platform = { ...request.body, platformId: newId<string>(at.getTime()), createdAt: at };
      const { name, rules } = platform;
      await change(parts, request, async (tx, note) => {
        await putCustomPlatform(tx, platform);
        note({ ...changed, target: name, message: `added the custom platform ${name}`, arguments: { rules } });
      });
      reply.code(201);
      return toJson({ ...platform, systems: 0 });
    },
  );
  app.get(
    '/api/platforms/:platformId',
    { config, schema: { summary: 'A custom platform', tags, params, response: { 200: CustomPlatform } } },
    async ({ params: { platformId } }) => {
      const platform = await database.system((tx) => findCustomPlatform(tx, platformId));
      if (platform === null) throw problems.notFound();
      return toJson(platform);
    },
  );
  app.put(
    '/api/platforms/:platformId',
    {
      config,
      schema: {
        ...{ summary: 'Change a custom platform', tags, params, body: CustomPlatformInput },
        response: { 200: CustomPlatform },
      },
    },
    async (request) =>
      change(parts, request, async (tx, note) => {
        const before = await findCustomPlatform(tx, request.params.platformId);
        if (before === null) throw problems.notFound();
        const after = { ...before, ...request.body };
        await putCustomPlatform(tx, after);
        const { name, rules } = after;
        note({ ...changed, target: name, message: `changed the custom platform ${name}`, arguments: { rules } });
        return toJson(after);
      }),
  );
  app.delete(
    '/api/platforms/:platformId',
    { config, schema: { summary: 'Delete a custom platform', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { platformId } = request.params;
      await change(parts, request, async (tx, note) => {
        const platform = await findCustomPlatform(tx, platformId);
        if (platform === null) throw problems.notFound();
        if (platform.systems > 0)
          throw stillUsed(`The platform ${platform.name}`, await listUsesOfPlatform(tx, platformId), platform.systems);
        await deleteCustomPlatform(tx, platformId);
        note({ ...changed, target: platform.name, message: `deleted the custom platform ${platform.name}` });
      });
      return reply.code(204).send();
    },
  );
};

const toJson = (platform: ListedPlatform): z.output<typeof CustomPlatform> => ({
  ...platform,
  createdAt: platform.createdAt.toISOString(),
});
