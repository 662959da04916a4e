import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { SystemChange, SystemInput, SystemQuery, System as SystemShape } from '../api/systems.ts';
import { list } from '../api/words.ts';
import { change, entered } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { invalid, stillUsed } from '../problems.ts';
import { parseAddress } from './address.ts';
import { type System, typesOf } from './model.ts';
import { deleteSystem, findListedSystem, listAccountsOf, listSystems, listTypesOn, putSystem } from './systems.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['systems'];
const params = z.object({ systemId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

export const serveSystems = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/systems',
    {
      config,
      schema: {
        ...{ summary: 'Computers, domains and databases, by name', tags, querystring: SystemQuery },
        response: { 200: list(SystemShape) },
      },
    },
    async ({ query }) => toMutable(await database.system((tx) => listSystems(tx, query))),
  );
  app.post(
    '/api/systems',
    { config, schema: { summary: 'Add a system', tags, body: SystemInput, response: { 201: SystemShape } } },
    async (request, reply) => {
      const at = clock.now();
      const { name, kind, ...rest } = request.body;
      const systemId = newId<string>(at.getTime());
      const system = settle({ ...empty, ...entered(rest), name, kind, systemId }, request.body);
      const made = await change(parts, request, async (tx, note) => {
        await putSystem(tx, system, at);
        note({ ...changed, target: system.name, message: `added the system ${system.name} (${system.kind})` });
        return findListedSystem(tx, system.systemId);
      });
      reply.code(201);
      return toJson(made);
    },
  );
  app.get(
    '/api/systems/:systemId',
    { config, schema: { summary: 'A system', tags, params, response: { 200: SystemShape } } },
    async ({ params: { systemId } }) => toJson(await database.system((tx) => findListedSystem(tx, systemId))),
  );
  app.patch(
    '/api/systems/:systemId',
    {
      config,
      schema: { summary: 'Change a system', tags, params, body: SystemChange, response: { 200: SystemShape } },
    },
    async (request) => {
      const { params, body } = request;
      return change(parts, request, async (tx, note) => {
        const before = await findListedSystem(tx, params.systemId);
        if (before === null) throw problems.notFound();
        const system = settle({ ...before, ...entered(body) }, body);
        const types: readonly string[] = typesOf[system.kind];
        if ((await listTypesOn(tx, params.systemId)).some((type) => !types.includes(type)))
          throw invalid('kind', 'It has credentials that a system of this kind cannot have.');
        await putSystem(tx, system, clock.now());
        note({
          ...{ ...changed, target: system.name, message: `changed the system ${system.name}` },
          arguments: { ...entered(body), trust: body.trust?.length ?? before.trust.length },
        });
        return toJson(await findListedSystem(tx, params.systemId));
      });
    },
  );
  app.delete(
    '/api/systems/:systemId',
    { config, schema: { summary: 'Delete a system without credentials', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { systemId } = request.params;
      await change(parts, request, async (tx, note) => {
        const system = await findListedSystem(tx, systemId);
        if (system === null) throw problems.notFound();
        if (system.credentials > 0)
          throw stillUsed(`The system ${system.name}`, await listAccountsOf(tx, systemId), system.credentials);
        await deleteSystem(tx, systemId);
        note({ ...changed, target: system.name, message: `deleted the system ${system.name}` });
      });
      return reply.code(204).send();
    },
  );
};

const empty = {
  ...{ address: null, domainNetbios: null, domainDns: null, port: null, trust: [], loginCredentialId: null },
  ...{ platformId: null, platformName: null, comment: '', assetTag: '' },
} as const;

/** What was entered as it is kept: the address without its port, which has a place of its own. */
const settle = <S extends System>(system: S, entered: z.output<typeof SystemChange>): S => {
  if (system.kind !== 'other' && system.platformId !== null)
    throw invalid('platformId', 'Only a system of another kind than the vault knows has a custom platform.');
  if (system.kind === 'domain' && system.domainNetbios === null)
    throw invalid('domainNetbios', 'Enter the NetBIOS name of the domain: its accounts are named by it.');
  if (entered.address === undefined || entered.address === null) return system;
  const address = parseAddress(entered.address);
  if (address === null)
    throw invalid('address', 'Write a host name or an address, such as web1.example.com or [2001:db8::7]:2222.');
  if (address.port !== null && entered.port !== undefined && entered.port !== address.port)
    throw invalid('port', `The address says port ${address.port}.`);
  return { ...system, address: address.host, port: address.port ?? system.port };
};

const toJson = <S extends System>(system: S | null): Omit<S, 'trust'> & { trust: string[] } => {
  if (system === null) throw problems.notFound();
  return { ...system, trust: [...system.trust] };
};

const toMutable = (page: Awaited<ReturnType<typeof listSystems>>) => ({ ...page, items: page.items.map(toJson) });
