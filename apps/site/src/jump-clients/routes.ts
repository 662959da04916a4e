import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, type Log, problems, type Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { InstallerKey, jumpClientInstaller, ReachedClients, ReachedQuery } from '../api/jump-clients.ts';
import { answerOf, newOf, type ObjectRow } from '../api/shape.ts';
import { inWords } from '../objects/index.ts';
import type { Support } from '../support/index.ts';
import { requireUser } from '../users/index.ts';
import { findJumpClients } from './find.ts';
import type { JumpHub } from './hub.ts';
import { serveMachineFiles } from './machine-files.ts';
import { serveMachines } from './machine-routes.ts';
import { addInstaller } from './model.ts';

const tags = ['jump clients'];

export interface RouteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly jump: JumpHub;
  readonly support: Pick<Support, 'hub'>;
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
          items: found.slice(0, limit).map(({ jumpPolicyId: _, sessionPolicyId: __, ...client }) => client),
          next: found.length > limit ? String(offset.data + limit) : null,
        };
      });
    },
  );
};
