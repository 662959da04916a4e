import { newId } from '@gatehouse/kernel';
import { type App, newToken, problems } from '@gatehouse/server';
import { z } from 'zod';
import { NewRegistration, Registration, RegistrationChange, RegistrationInput } from '../api/delegation.ts';
import { ListQuery, list } from '../api/words.ts';
import { change } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { listRegistrations } from './lists.ts';
import { parseNetwork } from './networks.ts';
import {
  type ApiRegistration,
  deleteRegistration,
  findRegistration,
  insertRegistration,
  updateRegistration,
} from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['API registrations'];
const params = z.object({ registrationId: z.uuid() });
const changed = { event: 'EVENT_ID_DELEGATION_CHANGED' } as const;

/** Programs that may call the web services. */
export const serveRegistrations = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/registrations',
    {
      config,
      schema: {
        ...{ summary: 'Programs that may call the web services, by name', tags, querystring: ListQuery },
        response: { 200: list(Registration) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listRegistrations(tx, query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/registrations',
    {
      config,
      schema: {
        ...{ summary: 'Register a program; its key is shown this once', tags, body: RegistrationInput },
        response: { 201: NewRegistration },
      },
    },
    async (request, reply) => {
      const networks = parseNetworks(request.body.networks);
      const { name } = request.body;
      const at = clock.now();
      const registrationId = newId<string>(at.getTime());
      const key = newToken('ghv_').reveal();
      await change(parts, request, async (tx, note) => {
        await insertRegistration(tx, { registrationId, name, networks, key }, at);
        note({ ...changed, target: name, message: `added the API registration ${name}`, arguments: { networks } });
      });
      reply.code(201);
      return { registrationId, name, networks, enabled: true, usedAt: null, key };
    },
  );
  app.patch(
    '/api/registrations/:registrationId',
    {
      config,
      schema: {
        ...{ summary: 'Change where a program may call from, or stop it', tags, params, body: RegistrationChange },
        response: { 200: Registration },
      },
    },
    async (request) => {
      const { registrationId } = request.params;
      const { enabled } = request.body;
      const networks = request.body.networks && parseNetworks(request.body.networks);
      return change(parts, request, async (tx, note) => {
        await updateRegistration(tx, registrationId, { networks, enabled });
        const after = await findRegistration(tx, registrationId);
        if (after === null) throw problems.notFound();
        note({
          ...{ ...changed, target: after.name, message: `changed the API registration ${after.name}` },
          arguments: { networks: [...after.networks], enabled: after.enabled },
        });
        return toJson(after);
      });
    },
  );
  app.delete(
    '/api/registrations/:registrationId',
    { config, schema: { summary: 'End a registration', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { registrationId } = request.params;
      await change(parts, request, async (tx, note) => {
        const before = await findRegistration(tx, registrationId);
        if (before === null) throw problems.notFound();
        await deleteRegistration(tx, registrationId);
        note({ ...changed, target: before.name, message: `deleted the API registration ${before.name}` });
      });
      return reply.code(204).send();
    },
  );
};

/** Each once, in order. @throws Problem that names the wrong ones */
const parseNetworks = (texts: readonly string[]): string[] => {
  const parsed = texts.map(parseNetwork);
  const message = 'Write a network such as 10.1.0.0/16, 10.1.0.0/255.255.0.0 or 2001:db8::/32.';
  const errors = parsed.flatMap((network, at) => (network === null ? [{ field: `networks.${at}`, message }] : []));
  if (errors.length > 0) throw problems.invalid(errors);
  return [...new Set(parsed.filter((network) => network !== null))].toSorted();
};

const toJson = (row: ApiRegistration): z.input<typeof Registration> => ({
  ...row,
  networks: [...row.networks],
  usedAt: row.usedAt?.toISOString() ?? null,
});
