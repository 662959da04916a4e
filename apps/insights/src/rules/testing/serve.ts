import { serverMigrations, type TenantRole } from '@gatehouse/server';
import { type TestClient, type TestServer, testServer } from '@gatehouse/server/testing';
import { registerDashboardRoutes } from '../../dashboard/index.ts';
import { registerFindingRoutes } from '../../findings/index.ts';
import { registerIdentityRoutes } from '../../identities/index.ts';
import { migrations } from '../../migrations.ts';
import { streamsOf } from './catalogue.ts';
import { newOrg, now, type Org } from './world.ts';

export interface Served extends AsyncDisposable {
  readonly server: TestServer;
  /** Stores an organisation; answers its id. */
  store(fill: (org: Org) => void): Promise<Org['tenantId']>;
  /** Somebody with this role in one tenant, and in no other. */
  as(role: TenantRole, tenantId: string): Promise<TestClient>;
}

/** The routes of these parts on a real server, at the time of the examples. */
export const serve = async (): Promise<Served> => {
  const roles = new Map<string, TenantRole>();
  const clock = { now: () => now, sleep: async () => undefined };
  const server = await testServer({
    migrations: migrations.filter((one) => !serverMigrations.includes(one)),
    findTenantRole: () => async (principal, tenantId) =>
      (principal.kind === 'person' && roles.get(`${principal.personId} ${tenantId}`)) || null,
    routes: ({ app }, database) => {
      registerIdentityRoutes(app, { database, clock });
      registerFindingRoutes(app, { database, clock });
      registerDashboardRoutes(app, { database, clock, connectorName: (id) => id });
    },
  });
  return {
    server,
    store: async (fill) => {
      const org = newOrg(streamsOf);
      fill(org);
      await org.store(server.database);
      return org.tenantId;
    },
    as: async (role, tenantId) => {
      const person = await server.signIn();
      roles.set(`${person.personId} ${tenantId}`, role);
      return person;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
};
