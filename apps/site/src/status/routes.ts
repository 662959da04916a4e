import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { App } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import { EcmClients, Status } from '../api/site.ts';
import { summariseOutbound } from '../outbound-events/index.ts';

export interface StatusParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly version: string;
  readonly startedAt: Date;
  /** The ECMs that are connected at the moment, to any copy of the program. */
  readonly listEcmClients: () => Promise<z.output<typeof Status>['ecmClients']>;
  /** ECMs that were not let in lately. */
  readonly listEcmRefusals: () => Promise<z.output<typeof Status>['ecmRefused']>;
}

export const serveStatus = (app: App, parts: StatusParts): void => {
  const { database, clock, version, startedAt, listEcmClients, listEcmRefusals } = parts;
  app.get(
    '/api/status',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'Version, health and what is connected', tags: ['status'], response: { 200: Status } },
    },
    async () => {
      const ready = await database.ready(2_000).then(
        () => true,
        () => false,
      );
      const counts = await database.system((tx) =>
        sql<z.output<typeof Status>['counts']>`
          select (select count(*)::int from users) as users,
            (select count(*)::int from group_policies) as "groupPolicies",
            (select count(*)::int from jump_groups) as "jumpGroups",
            (select count(*)::int from shell_jumps) + (select count(*)::int from remote_vnc)
              + (select count(*)::int from remote_rdp) as "jumpItems",
            (select count(*)::int from api_accounts) as "apiAccounts"`.execute(tx),
      );
      const [first] = counts.rows;
      if (first === undefined) throw new Error('a count without a row');
      return {
        ...{ version, startedAt: startedAt.toISOString(), now: clock.now().toISOString() },
        ...{ healthy: ready, parts: [{ part: 'database', ready }] },
        ...{ counts: first, ecmClients: await listEcmClients() },
        ecmRefused: await listEcmRefusals(),
        outboundEvents: await database.system(summariseOutbound),
      };
    },
  );
  app.get(
    '/api/ecm-clients',
    {
      config: { access: 'system-administrator' },
      schema: {
        summary: 'ECMs that are connected, and that were refused',
        tags: ['status'],
        response: { 200: EcmClients },
      },
    },
    async () => ({ items: await listEcmClients(), next: null, refused: await listEcmRefusals() }),
  );
};
