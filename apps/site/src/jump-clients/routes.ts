import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, type Log, problems, type Request, type Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { ApprovalInput } from '../api/console.ts';
import {
  InstallerKey,
  jumpClientInstaller,
  type ReachedClient,
  ReachedClients,
  ReachedDetail,
  ReachedQuery,
} from '../api/jump-clients.ts';
import { answerOf, newOf, type ObjectRow } from '../api/shape.ts';
import { askForApproval } from '../approvals/index.ts';
import { findTerms } from '../conditions/index.ts';
import { inWords } from '../objects/index.ts';
import type { Support } from '../support/index.ts';
import { requireUser } from '../users/index.ts';
import { type FoundClient, findJumpClients } from './find.ts';
import type { JumpHub } from './hub.ts';
import { serveMachineFiles } from './machine-files.ts';
import { type MachineParts, OneClient, serveMachines } from './machine-routes.ts';
import { addInstaller } from './model.ts';
import { listJoined } from './session.ts';

const tags = ['jump clients'];

export interface RouteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly jump: JumpHub;
  readonly support: Pick<Support, 'hub'>;
  readonly proveCode: MachineParts['proveCode'];
  readonly baseUrl: () => string;
}

/** What administrators install with, and what representatives find. */
export const serveJumpClients = (app: App, parts: RouteParts): void => {
  const { database, clock } = parts;
  const { roundMs: lookMs, minuteMs } = parts.jump.pace;
  serveMachines(app, { ...parts, hub: parts.jump, lookMs, minuteMs });
  serveMachineFiles(app, { ...parts, hub: parts.jump, lookMs });

  app.post(
    '/api/jump-client-installers',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'Add a Jump Client installer; its key is answered this once', tags },
        ...{ body: newOf(jumpClientInstaller) },
        response: { 201: answerOf(jumpClientInstaller).extend({ key_info: InstallerKey }) },
      },
    },
    async ({ act: by, body }, reply) => {
      reply.code(201);
      return await inWords(() =>
        database.system((tx) => addInstaller({ tx, by, now: clock.now() }, body as ObjectRow)),
      );
    },
  );

  app.get(
    '/api/console/jump-clients',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ summary: 'Jump Clients that you reach', tags, querystring: ReachedQuery },
        response: { 200: ReachedClients },
      },
    },
    async (request) => {
      const { cursor = '0', limit, search, publicIp } = request.query;
      const offset = z.coerce.number().int().min(0).max(1_000_000).safeParse(cursor);
      if (!offset.success)
        throw problems.invalid([{ field: 'cursor', message: 'This cursor belongs to another list.' }]);
      return await database.system(async (tx) => {
        const { id } = await requireUser(tx, request);
        const wanted = { searchString: search, publicIp, limit: limit + 1, offset: offset.data };
        const found = await findJumpClients(tx, id, wanted, clock.now());
        return {
          items: found.slice(0, limit).map(toReached),
          next: found.length > limit ? String(offset.data + limit) : null,
        };
      });
    },
  );

  /** @throws Problem 404 for what is not there, and for whom no Jump Group leads there */
  const findReached = async (tx: Sql, request: Request, id: number) => {
    const user = await requireUser(tx, request);
    const [client] = await findJumpClients(tx, user.id, { id }, clock.now());
    if (client === undefined) throw problems.notFound();
    return { user, client, governed: { ...client, type: 'jump-client' } as const };
  };
  app.get(
    '/api/console/jump-clients/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ summary: 'One Jump Client, and what a session with it takes', tags, params: OneClient },
        response: { 200: ReachedDetail },
      },
    },
    async (request) =>
      database.system(async (tx) => {
        const { user, client, governed } = await findReached(tx, request, request.params.id);
        const terms = await findTerms(tx, governed, user.id, clock.now());
        const joins = [...(await listJoined(tx, client.id, terms))];
        return { ...toReached(client), conditions: terms.conditions, joins };
      }),
  );
  app.post(
    '/api/console/jump-clients/:id/approvals',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ summary: 'Ask for an approval', tags, params: OneClient, body: ApprovalInput },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      await database.system(async (tx) => {
        const { user, governed } = await findReached(tx, request, request.params.id);
        await askForApproval(
          { tx, by: request.act, now: clock.now(), baseUrl: parts.baseUrl() },
          user.id,
          governed,
          request.body,
        );
      });
      return reply.code(204).send();
    },
  );
};

const toReached = ({ jumpPolicyId: _, sessionPolicyId: __, ...client }: FoundClient): ReachedClient => client;
