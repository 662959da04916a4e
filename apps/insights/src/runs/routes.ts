import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database, Sql } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { type App, audit, problems, type ServerEvent, sendEvents, type TenantGrant } from '@gatehouse/server';
import { z } from 'zod';
import { Run, RunInput } from '../api/connections.ts';
import { ListQuery, list } from '../api/words.ts';
import { findConnection, type StoredConnection } from '../connections/index.ts';
import { parsePlace, writePlace } from '../paging.ts';
import { invalid } from '../problems.ts';
import { isOver, type StoredRun, toRun } from './model.ts';
import { askCancel, countRuns, currentRun, findRun, listRuns, queueRun } from './store.ts';
import type { RunWatch } from './watch.ts';

export interface RunRouteParts {
  readonly database: Database;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly clock: Clock;
  readonly watch: RunWatch;
  /** Asks the agent of a connection to read streams now; throws the problem that says why it cannot. */
  askAgent(tx: Sql, grant: TenantGrant, connectionId: string, streams: readonly string[]): Promise<void>;
  /** Called after a run was queued. */
  wake(): void;
}

const tags = ['runs'];
const reader = { access: { tenant: 'reader' } } as const;
const analyst = { access: { tenant: 'analyst' } } as const;
const OfConnection = z.object({ tenantId: z.uuid(), connectionId: z.uuid() });
const OneRun = OfConnection.extend({ runId: z.uuid() });
const runs = '/api/tenants/:tenantId/connections/:connectionId/runs';

export const serveRuns = (app: App, { database, connectors, clock, watch, wake, askAgent }: RunRouteParts): void => {
  const connectorOf = (connection: { connector: string }) => connectors.get(connection.connector);

  app.get(
    runs,
    {
      config: reader,
      schema: {
        ...{ summary: 'Runs of a connection, newest first', tags, params: OfConnection, querystring: ListQuery },
        response: { 200: list(Run) },
      },
    },
    async ({ grant, params: { connectionId }, query }) => {
      const { tenantId } = grant;
      const asked = `runs ${tenantId} ${connectionId}`;
      const before = parsePlace(query.cursor, asked);
      return await database.tenant(tenantId, async (tx) => {
        const connection = await getConnection(tx, tenantId, connectionId);
        const rows = await listRuns(tx, tenantId, connectionId, { before, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit);
        return {
          items: items.map((run) => toRun(run, connectorOf(connection))),
          next: rows.length > items.length ? writePlace(items.at(-1)?.runId, asked) : null,
          total: { value: await countRuns(tx, tenantId, connectionId), exact: true },
        };
      });
    },
  );

  app.post(
    runs,
    {
      config: analyst,
      schema: {
        ...{ summary: 'Read a connection now', tags, params: OfConnection, body: RunInput.nullish() },
        response: { 202: Run },
      },
    },
    async ({ grant, params: { connectionId }, body }, reply) => {
      const { tenantId } = grant;
      const run = await database.tenant(tenantId, async (tx) => {
        const connection = await getConnection(tx, tenantId, connectionId);
        const connector = connectorOf(connection);
        if (!connector) throw problems.unusable(`This server has no connector "${connection.connector}" any more.`);
        if (!connection.enabled) throw problems.conflict('This connection is turned off. Turn it on first.');
        const streams = wantedStreams(connector, connection, body?.streams);
        if (connector.agent) await askAgent(tx, grant, connectionId, streams);
        // Asking again while it runs is the same wish.
        const current = await currentRun(tx, tenantId, connectionId);
        if (
          current?.state === 'running' &&
          streams.every((id) => current.streams.some(({ stream }) => stream === id))
        ) {
          return toRun(current, connector);
        }
        const queued = await queueRun(tx, tenantId, { connectionId, reason: 'manual', streams, at: clock.now() });
        await audit(tx, grant, { action: 'run.start', target: connection.name, change: { streams } });
        return toRun(queued, connector);
      });
      wake();
      reply.code(202);
      return run;
    },
  );

  app.get(
    `${runs}/:runId`,
    { config: reader, schema: { summary: 'One run', tags, params: OneRun, response: { 200: Run } } },
    async ({ grant: { tenantId }, params: { connectionId, runId } }) =>
      await database.tenant(tenantId, async (tx) => {
        const connection = await getConnection(tx, tenantId, connectionId);
        const run = await findRun(tx, tenantId, connectionId, runId);
        if (!run) throw problems.notFound();
        return toRun(run, connectorOf(connection));
      }),
  );

  app.post(
    `${runs}/:runId/cancel`,
    {
      config: analyst,
      schema: {
        summary: 'Cancel a run',
        tags,
        params: OneRun,
        body: z.strictObject({}).nullish(),
        response: { 200: Run },
      },
    },
    async ({ grant, params: { connectionId, runId } }) =>
      await database.tenant(grant.tenantId, (tx) => cancel(tx, grant, connectionId, runId)),
  );

  const cancel = async (tx: Parameters<typeof findRun>[0], grant: TenantGrant, connectionId: string, runId: string) => {
    const { tenantId } = grant;
    const connection = await getConnection(tx, tenantId, connectionId);
    const run = await findRun(tx, tenantId, connectionId, runId);
    if (!run) throw problems.notFound();
    if (isOver(run)) return toRun(run, connectorOf(connection));
    const cancelled = await askCancel(tx, tenantId, runId, clock.now());
    await audit(tx, grant, { action: 'run.cancel', target: connection.name, change: { runId } });
    return toRun(cancelled ?? run, connectorOf(connection));
  };

  app.get(
    '/api/tenants/:tenantId/connections/:connectionId/progress',
    {
      config: reader,
      schema: {
        ...{ summary: 'The current run as it goes on', tags, params: OfConnection },
        description: 'Server-sent events; the data of each is a run: the current one first, then on every change.',
      },
    },
    async ({ grant: { tenantId }, params: { connectionId } }, reply) => {
      const connection = await database.tenant(tenantId, (tx) => getConnection(tx, tenantId, connectionId));
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, app.closing]);
      await sendEvents(reply, toEvents(watch.watch(tenantId, connectionId, signal), connectorOf(connection)));
    },
  );
};

async function* toEvents(
  runs: AsyncIterable<StoredRun>,
  connector: AnyConnector | undefined,
): AsyncGenerator<ServerEvent> {
  for await (const run of runs) yield { data: Run.parse(toRun(run, connector)) };
}

const getConnection = async (...at: [Parameters<typeof findConnection>[0], TenantId, string]) => {
  const connection = await findConnection(...at);
  if (!connection) throw problems.notFound();
  return connection;
};

const wantedStreams = (
  connector: AnyConnector,
  connection: StoredConnection,
  asked: readonly string[] | undefined,
): readonly string[] => {
  const read = new Set(connection.streams.map(({ stream }) => stream));
  const all = Object.keys(connector.streams).filter((id) => !connector.agent || read.has(id));
  if (!asked || asked.length === 0) return all;
  const unknown = asked.find((id) => !all.includes(id));
  if (unknown !== undefined) throw invalid('streams', `There is no stream "${unknown}". There is: ${all.join(', ')}.`);
  return all.filter((id) => asked.includes(id));
};
