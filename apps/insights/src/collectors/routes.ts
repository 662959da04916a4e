import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database, Sql } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { type App, audit, problems, type Release } from '@gatehouse/server';
import { z } from 'zod';
import { Collector, Collectors, Installation } from '../api/collectors.ts';
import { writeActivity } from '../connections/index.ts';
import { toCollector } from './answers.ts';
import { toInstallation } from './installation.ts';
import { closeKey, findKey, makeKey } from './keys.ts';
import { listSources } from './sources.ts';
import { findCollector, listCollectors, type StoredCollector } from './store.ts';

export interface CollectorRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly release: Release | null;
  /** Where collectors reach this server. */
  baseUrl(): string;
}

const tags = ['collectors'];
const reader = { access: { tenant: 'reader' } } as const;
const administrator = { access: { tenant: 'administrator' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const OneConnection = InTenant.extend({ connectionId: z.uuid() });
const collector = '/api/tenants/:tenantId/connections/:connectionId/collector';

/** What people and the command line do about collectors; what collectors call is in device-routes.ts. */
export const serveCollectors = (app: App, parts: CollectorRouteParts): void => {
  const { database, clock, release, connectors } = parts;
  const agent = [...connectors.values()].find((connector) => connector.agent);

  const read = async (tx: Sql, tenantId: TenantId, one: StoredCollector) => {
    const now = clock.now();
    const named = one.hello?.sources.map(({ id }) => id) ?? [];
    const sources = await listSources(tx, tenantId, one.connectionId, named);
    const key = await findKey(tx, tenantId, one.connectionId, now);
    return toCollector(one, key, sources, { ...{ release, connectors, agent, now }, baseUrl: parts.baseUrl() });
  };

  app.get(
    '/api/tenants/:tenantId/collectors',
    {
      config: reader,
      schema: { summary: 'Collectors', tags, params: InTenant, response: { 200: Collectors } },
    },
    async ({ grant: { tenantId } }) =>
      await database.tenant(tenantId, async (tx) => {
        const answers = [];
        for (const one of await listCollectors(tx, tenantId)) answers.push(await read(tx, tenantId, one));
        return answers;
      }),
  );

  app.get(
    collector,
    {
      config: reader,
      schema: {
        ...{ summary: 'The collector of a connection', tags, params: OneConnection },
        response: { 200: Collector },
      },
    },
    async ({ grant: { tenantId }, params: { connectionId } }) =>
      await database.tenant(tenantId, async (tx) => read(tx, tenantId, await getCollector(tx, tenantId, connectionId))),
  );

  app.get(
    `${collector}/installer`,
    {
      config: reader,
      schema: {
        ...{ summary: 'The program of the collector, as a file', tags, params: OneConnection },
        description: 'One file that Node.js 24 runs: node <file> install --server <address>.',
      },
    },
    async ({ grant: { tenantId }, params: { connectionId } }, reply) => {
      await database.tenant(tenantId, (tx) => getCollector(tx, tenantId, connectionId));
      const content = release && (await release.read(release.program));
      if (!release || !content) throw problems.notFound();
      reply.header('content-disposition', `attachment; filename="${release.program}"`);
      return reply.type('application/octet-stream').send(content);
    },
  );

  app.post(
    `${collector}/keys`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Make a new installation key', tags, params: OneConnection, body: z.strictObject({}).nullish() },
        description: 'One that was not used ends. The key is in this answer and never again.',
        response: { 201: Installation },
      },
    },
    async ({ grant, params: { connectionId } }, reply) => {
      const { tenantId, principal } = grant;
      const made = await database.tenant(tenantId, async (tx) => {
        const { name, registeredAt } = await getCollector(tx, tenantId, connectionId);
        if (registeredAt) throw problems.conflict(used);
        const at = clock.now();
        const key = await makeKey(tx, tenantId, { connectionId, by: principal.name, at });
        const change = { connectionId, expiresAt: key.expiresAt.toISOString() };
        await audit(tx, grant, { action: 'collector.key.create', target: name, change });
        const note = { connectionId, at, actor: principal.name, title: 'New installation key' };
        await writeActivity(tx, tenantId, { ...note, kind: 'collector' });
        return key;
      });
      reply.code(201);
      return toInstallation(made, parts.baseUrl(), release);
    },
  );

  app.delete(
    `${collector}/keys`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Close the installation key', tags, params: OneConnection, response: { 204: z.void() } },
        description: 'A key that was not used opens nothing any more. Repeating is harmless.',
      },
    },
    async ({ grant, params: { connectionId } }, reply) => {
      const { tenantId, principal } = grant;
      await database.tenant(tenantId, async (tx) => {
        const { name } = await getCollector(tx, tenantId, connectionId);
        const at = clock.now();
        if (!(await closeKey(tx, tenantId, connectionId, at))) return;
        await audit(tx, grant, { action: 'collector.key.close', target: name, change: { connectionId } });
        const note = { connectionId, at, actor: principal.name, title: 'Installation key closed' };
        await writeActivity(tx, tenantId, { ...note, kind: 'collector' });
      });
      return reply.code(204).send();
    },
  );
};

const used =
  'A collector has registered with the key of this connector already. For another machine create another connector.';

const getCollector = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<StoredCollector> => {
  const found = await findCollector(tx, tenantId, connectionId);
  if (!found) throw problems.notFound();
  return found;
};
