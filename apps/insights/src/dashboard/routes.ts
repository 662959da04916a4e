import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { App } from '@gatehouse/server';
import { z } from 'zod';
import { Dashboard } from '../api/findings.ts';
import { readDashboard } from './read-dashboard.ts';

export interface DashboardRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  /** What a kind of system is called, by its connector id. */
  readonly connectorName: (id: string) => string;
}

export const registerDashboardRoutes = (app: App, { database, clock, connectorName }: DashboardRouteParts): void => {
  app.get(
    '/api/tenants/:tenantId/dashboard',
    {
      config: { access: { tenant: 'reader' } },
      schema: {
        ...{ summary: 'The numbers of a tenant, each with the list behind it', tags: ['dashboard'] },
        params: z.object({ tenantId: z.uuid() }),
        response: { 200: Dashboard },
      },
    },
    ({ grant }) =>
      database.tenant(grant.tenantId, (tx) => readDashboard(tx, grant.tenantId, { now: clock.now(), connectorName })),
  );
};
