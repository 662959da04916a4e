import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database, Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { type App, type Log, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  Activity,
  AvailableConnector,
  Connection,
  ConnectionChange,
  ConnectionDetail,
  ConnectionInput,
  Egress,
  NewConnection,
  TestInput,
  TestResult,
} from '../api/connections.ts';
import { ListQuery, list } from '../api/words.ts';
import { countRecords } from '../inventory/index.ts';
import { parsePlace, writePlace } from '../paging.ts';
import { invalid } from '../problems.ts';
import { countActivities, listActivities, toActivity } from './activities.ts';
import { toAvailable, toConnection, toDetail } from './answers.ts';
import { type ChangeParts, changeConnection, createConnection, removeConnection } from './change.ts';
import { tryConnection } from './check.ts';
import { noteTest } from './note-test.ts';
import { acceptSettings } from './settings.ts';
import { findConnection, listConnections, type StoredConnection } from './store.ts';

export interface ConnectionRouteParts extends ChangeParts {
  readonly database: Database;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly egressAddresses: readonly string[];
  readonly log: Log;
  /** Called after a run was queued. */
  wake(): void;
}

const tags = ['connections'];
const reader = { access: { tenant: 'reader' } } as const;
const administrator = { access: { tenant: 'administrator' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const OneConnection = InTenant.extend({ connectionId: z.uuid() });
const connections = '/api/tenants/:tenantId/connections';

export const serveConnections = (app: App, parts: ConnectionRouteParts): void => {
  const { database, connectors, sealer } = parts;

  app.get(
    '/api/connectors',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'What can be connected', tags, response: { 200: z.array(AvailableConnector) } },
    },
    async () => [...connectors.values()].filter(({ collected }) => collected !== 'only').map(toAvailable),
  );

  app.get(
    '/api/egress',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'The addresses from which pulls leave', tags, response: { 200: Egress } },
    },
    async () => ({ addresses: [...parts.egressAddresses] }),
  );

  app.get(
    connections,
    {
      config: reader,
      schema: { summary: 'Connections', tags, params: InTenant, response: { 200: z.array(Connection) } },
    },
    async ({ grant: { tenantId } }) => {
      const stored = await database.tenant(tenantId, (tx) => listConnections(tx, tenantId));
      return stored.map((one) => toConnection(one, connectors.get(one.connector)));
    },
  );

  app.post(
    connections,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Connect a system and start its first run', tags, params: InTenant, body: ConnectionInput },
        description: 'Where an agent reads the system, the answer holds its installation key, once.',
        response: { 201: NewConnection },
      },
    },
    async ({ grant, body }, reply) => {
      const connector = getConnector(connectors, body.connector);
      const detail = await database.tenant(grant.tenantId, async (tx) => {
        const { connectionId, installation } = await createConnection(tx, grant, connector, body, parts);
        return { ...(await readDetail(tx, grant.tenantId, connectionId, connectors)), installation };
      });
      parts.wake();
      reply.code(201);
      return detail;
    },
  );

  app.post(
    `${connections}/test`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Try settings, saved or not', tags, params: InTenant, body: TestInput },
        description:
          'Keeps no setting. Secrets that are left out are taken from the connection named, whose activity tells of the test.',
        response: { 200: TestResult },
      },
    },
    async ({ grant, body }) => {
      const { tenantId } = grant;
      const connector = getConnector(connectors, body.connector);
      const { connectionId } = body;
      const saved = connectionId
        ? await database.tenant(tenantId, (tx) => getConnection(tx, tenantId, connectionId))
        : null;
      if (saved && saved.connector !== connector.id) {
        throw invalid('connectionId', `This connection is one of ${saved.connector}, not of ${connector.id}.`);
      }
      if (connector.agent) {
        throw problems.unusable(`${connector.name} tests what it reads itself, and reports what it found.`);
      }
      const place = [tenantId, saved?.connectionId ?? ''] as const;
      const { whole, kept } = acceptSettings(connector, body.settings, saved?.settings ?? null, sealer, place);
      const signal = app.closing;
      const { found, result } = await tryConnection(connector, whole, { clock: parts.clock, log: parts.log, signal });
      if (saved) {
        const tested = { connectionId: saved.connectionId, kept, found, at: parts.clock.now() };
        await database.tenant(tenantId, (tx) => noteTest(tx, grant, tested, sealer));
      }
      return result;
    },
  );

  app.get(
    `${connections}/:connectionId`,
    {
      config: reader,
      schema: { summary: 'One connection', tags, params: OneConnection, response: { 200: ConnectionDetail } },
    },
    async ({ grant: { tenantId }, params: { connectionId } }) =>
      await database.tenant(tenantId, (tx) => readDetail(tx, tenantId, connectionId, connectors)),
  );

  app.patch(
    `${connections}/:connectionId`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Rename, turn on or off, change settings', tags, params: OneConnection, body: ConnectionChange },
        description: 'A secret that is left out keeps its value.',
        response: { 200: ConnectionDetail },
      },
    },
    async ({ grant, params: { connectionId }, body }) => {
      const { tenantId } = grant;
      const detail = await database.tenant(tenantId, async (tx) => {
        const before = await getConnection(tx, tenantId, connectionId);
        const connector = connectors.get(before.connector);
        if (body.settings && !connector) {
          throw problems.unusable(`This server has no connector "${before.connector}" any more.`);
        }
        await changeConnection(tx, grant, before, connector, body, parts);
        return await readDetail(tx, tenantId, connectionId, connectors);
      });
      parts.wake();
      return detail;
    },
  );

  app.delete(
    `${connections}/:connectionId`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Delete a connection and everything that was read through it', tags, params: OneConnection },
        description: 'It disappears at once; its records are deleted in the background.',
        response: { 204: z.void() },
      },
    },
    async ({ grant, params: { connectionId } }, reply) => {
      const removed = await database.tenant(grant.tenantId, (tx) => removeConnection(tx, grant, connectionId, parts));
      if (!removed) throw problems.notFound();
      parts.wake();
      return reply.code(204).send();
    },
  );

  app.get(
    `${connections}/:connectionId/activity`,
    {
      config: reader,
      schema: {
        ...{ summary: 'What happened to a connection, newest first', tags, params: OneConnection },
        ...{ querystring: ListQuery, response: { 200: list(Activity) } },
      },
    },
    async ({ grant: { tenantId }, params: { connectionId }, query }) => {
      const asked = `activity ${tenantId} ${connectionId}`;
      const before = parsePlace(query.cursor, asked);
      return await database.tenant(tenantId, async (tx) => {
        const connection = await getConnection(tx, tenantId, connectionId);
        const connector = connectors.get(connection.connector);
        const rows = await listActivities(tx, tenantId, connectionId, { before, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit);
        const titleOf = (stream: string) => connector?.streams[stream]?.title ?? stream;
        const systemOf = (stream: string | null) =>
          connector?.streams[stream ?? '']?.system ?? connector?.name ?? connection.connector;
        return {
          items: items.map((row) => toActivity(row, systemOf(row.stream), titleOf)),
          next: rows.length > items.length ? writePlace(items.at(-1)?.activity_id, asked) : null,
          total: { value: await countActivities(tx, tenantId, connectionId), exact: true },
        };
      });
    },
  );
};

const getConnector = (connectors: ReadonlyMap<string, AnyConnector>, id: string): AnyConnector => {
  const connector = connectors.get(id);
  const offered = [...connectors.values()].filter(({ collected }) => collected !== 'only').map((one) => one.id);
  if (connector && offered.includes(id)) return connector;
  throw invalid('connector', `There is no connector "${id}". There is: ${offered.join(', ')}.`);
};

const getConnection = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<StoredConnection> => {
  const connection = await findConnection(tx, tenantId, connectionId);
  if (!connection) throw problems.notFound();
  return connection;
};

const readDetail = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  connectors: ReadonlyMap<string, AnyConnector>,
) => {
  const connection = await getConnection(tx, tenantId, connectionId);
  const records = await countRecords(tx, tenantId, connectionId);
  return toDetail(connection, connectors.get(connection.connector), records);
};
