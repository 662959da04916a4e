import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { InstallerKey, jumpClientInstaller, ReachedClients, ReachedQuery } from '../api/jump-clients.ts';
import { answerOf, newOf, type ObjectRow } from '../api/shape.ts';
import { inWords } from '../objects/index.ts';
import { requireUser } from '../users/index.ts';
import { findJumpClients } from './find.ts';
import { addInstaller } from './model.ts';

const tags = ['jump clients'];
export const installerFile = 'jump-client.mjs';

export interface RouteParts {
  readonly database: Database;
  readonly clock: Clock;
}

/** What administrators install with, and what representatives find. */
export const serveJumpClients = (app: App, { database, clock }: RouteParts): void => {
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
      const { installer, key } = await inWords(() =>
        database.system((tx) => addInstaller({ tx, by, clock }, body as ObjectRow)),
      );
      reply.code(201);
      return { ...installer, key_info: keyInfo(String(installer.installer_id), key.reveal()) };
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
      const { cursor = '0', limit, search } = request.query;
      const offset = z.coerce.number().int().min(0).max(1_000_000).safeParse(cursor);
      if (!offset.success)
        throw problems.invalid([{ field: 'cursor', message: 'This cursor belongs to another list.' }]);
      return await database.system(async (tx) => {
        const { id } = await requireUser(tx, request);
        const wanted = { searchString: search, limit: limit + 1, offset: offset.data };
        const found = await findJumpClients(tx, id, wanted, clock.now());
        return {
          items: found.slice(0, limit).map(({ jumpPolicyId: _, sessionPolicyId: __, ...client }) => client),
          next: found.length > limit ? String(offset.data + limit) : null,
        };
      });
    },
  );
};

/** What it takes to install: said once. */
export const keyInfo = (installerId: string, key: string): z.output<typeof InstallerKey> => ({
  encodedInfo: key,
  filename: installerFile,
  installerPath: `/api/config/v1/jump-client/installer/${installerId}/linux-64`,
});
