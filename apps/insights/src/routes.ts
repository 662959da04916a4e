import type { AnyConnector, AppLink } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Log, Release, Server } from '@gatehouse/server';
import { serveApps } from './apps/index.ts';
import { serveAudit } from './audit/index.ts';
import { agentHooks, askCollector, serveCollectors, serveDevices } from './collectors/index.ts';
import { serveConnections } from './connections/index.ts';
import { registerDashboardRoutes } from './dashboard/index.ts';
import { registerFindingRoutes } from './findings/index.ts';
import { registerIdentityRoutes } from './identities/index.ts';
import { serveInventory } from './inventory/index.ts';
import { findRule } from './rules/index.ts';
import { serveRuns, type TellConnectivity, watchRuns } from './runs/index.ts';
import { listTenants, serveTenants } from './tenants/index.ts';
import { type DeliveryParts, serveWebhooks } from './webhooks/index.ts';

export interface RouteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly egressAddresses: readonly string[];
  readonly apps: readonly AppLink[];
  readonly delivery: DeliveryParts;
  readonly tellConnectivity: TellConnectivity;
  /** The collector that is offered; null: none. */
  readonly release: Release | null;
  /** The public half of the key that signs releases. */
  readonly releaseKey: string;
  readonly inboxBytes: number;
  /** Called after work was left for a worker of this process. */
  wake(): void;
}

/** Every route of insights, beside those of the server itself. */
export const serveInsights = (server: Server, parts: RouteParts): void => {
  const { app, sealer } = server;
  const { database, clock, connectors } = parts;
  const { baseUrl } = server;
  const around = { ...parts, sealer, agents: agentHooks(baseUrl, parts.release), baseUrl };
  serveTenants(app, { ...around, server });
  serveConnections(app, around);
  serveRuns(app, { ...around, watch: watchRuns(database), askAgent: askCollector(clock) });
  serveCollectors(app, around);
  serveDevices(app, { ...around, offers: parts.release?.version ?? null });
  serveInventory(app, { database, clock, titleOfRule: (ruleId) => findRule(ruleId)?.title ?? ruleId });
  serveWebhooks(app, around);
  serveAudit(app, { database, clock });
  serveApps(app, {
    ...{ database, clock, apps: parts.apps },
    tenantsOf: async (principal) =>
      (await database.system((tx) => listTenants(tx, principal))).map(({ tenantId }) => tenantId),
  });
  registerIdentityRoutes(app, { database, clock });
  registerFindingRoutes(app, { database, clock });
  registerDashboardRoutes(app, { database, clock, connectorName: (id) => connectors.get(id)?.name ?? id });
};
