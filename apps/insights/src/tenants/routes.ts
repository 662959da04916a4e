import type { Database, Sql } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { type App, audit } from '@gatehouse/server';
import { z } from 'zod';
import { Tenant, TenantInput } from '../api/tenants.ts';
import { connectivityOf, listConnections, signsOf, worstConnectivity } from '../connections/index.ts';
import { dormantDaysOf } from './model.ts';
import { type PeopleRouteParts, servePeople } from './people-routes.ts';
import { serveTenantSettings } from './settings-routes.ts';
import { countFindings, insertTenant, type ListedTenant, listTenants } from './store.ts';

export interface TenantRouteParts extends PeopleRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Called after a tenant was deleted. */
  wake(): void;
}

const tags = ['tenants'];

export const serveTenants = (app: App, parts: TenantRouteParts): void => {
  const { database, clock } = parts;

  app.get(
    '/api/tenants',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'The tenants that you may enter', tags, response: { 200: z.array(Tenant) } },
    },
    async ({ principal }) => {
      const listed = await database.system((tx) => listTenants(tx, principal));
      const tenants: z.input<typeof Tenant>[] = [];
      // Each in its own fence, as everything that shows what is in a tenant.
      for (const tenant of listed) {
        tenants.push(await database.tenant(tenant.tenantId, (tx) => toTenant(tx, tenant)));
      }
      return tenants;
    },
  );

  app.post(
    '/api/tenants',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'Add a tenant', tags, body: TenantInput, response: { 201: Tenant } },
    },
    async ({ act, principal, body }, reply) => {
      const at = clock.now();
      const { name, isSample = false } = body;
      const tenantId: TenantId = await database.system(async (tx) => {
        const made = await insertTenant(tx, { name, isSample, at, by: principal });
        await audit(tx, act, { action: 'tenant.create', target: name, change: { tenantId: made } });
        return made;
      });
      const listed = {
        tenantId,
        name,
        role: 'administrator',
        isSample,
        createdAt: at,
        dormantDays: dormantDaysOf({}),
      } as const;
      const tenant = await database.tenant(tenantId, (tx) => toTenant(tx, listed));
      reply.code(201);
      return tenant;
    },
  );

  serveTenantSettings(app, parts);
  servePeople(app, parts);
};

const toTenant = async (tx: Sql, tenant: ListedTenant): Promise<z.input<typeof Tenant>> => {
  const { tenantId } = tenant;
  const connections = await listConnections(tx, tenantId);
  return {
    ...tenant,
    createdAt: tenant.createdAt.toISOString(),
    connections: connections.length,
    findings: await countFindings(tx, tenantId),
    connectivity: worstConnectivity(connections.map((one) => connectivityOf(signsOf(one)))),
  };
};
