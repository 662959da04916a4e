import type { AppLink as Configured } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import type { App, Principal } from '@gatehouse/server';
import { Apps } from '../api/tenants.ts';
import { type ActiveApp, listActivity, listConnectedApps } from './store.ts';

export interface AppsRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Programs of the server's settings. */
  readonly apps: readonly Configured[];
  /** The tenants that a principal may enter. */
  tenantsOf(principal: Principal): Promise<readonly TenantId[]>;
}

/** A program that was not active for this long is not shown. */
const activeMs = 60 * 86_400_000;

export const serveApps = (app: App, { database, clock, apps, tenantsOf }: AppsRouteParts): void => {
  app.get(
    '/api/apps',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ summary: 'The programs of the Apps menu', tags: ['apps'], response: { 200: Apps } },
        description: 'Those that answered or were read within 60 days. Empty hides the menu.',
      },
    },
    async ({ principal }) => {
      const since = new Date(clock.now().getTime() - activeMs);
      const found = new Map<string, ActiveApp>();
      const seen = await database.system((tx) => listActivity(tx, since));
      for (const one of apps) {
        const lastActiveAt = seen.get(one.url);
        if (lastActiveAt) found.set(one.url, { ...one, lastActiveAt });
      }
      for (const tenantId of await tenantsOf(principal)) {
        for (const one of await database.tenant(tenantId, (tx) => listConnectedApps(tx, tenantId, since))) {
          const known = found.get(one.url);
          if (!known || known.lastActiveAt < one.lastActiveAt) found.set(one.url, one);
        }
      }
      const items = [...found.values()].map(({ program, lastActiveAt, ...one }) => ({
        ...{ id: program, ...one },
        lastActiveAt: lastActiveAt.toISOString(),
      }));
      return { items };
    },
  );
};
