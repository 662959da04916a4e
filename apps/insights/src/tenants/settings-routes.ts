import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { TenantSettings, TenantSettingsInput } from '../api/tenants.ts';
import { recountDormant } from '../dashboard/index.ts';
import { invalid } from '../problems.ts';
import { findSettings, markTenantDeleted, saveSettings } from './store.ts';

const tags = ['tenants'];
const InTenant = z.object({ tenantId: z.uuid() });
const path = '/api/tenants/:tenantId/settings';
const administrator = { access: { tenant: 'administrator' } } as const;

export const serveTenantSettings = (
  app: App,
  { database, clock, wake }: { readonly database: Database; readonly clock: Clock; wake(): void },
): void => {
  app.get(
    path,
    {
      config: administrator,
      schema: { summary: 'Settings of a tenant', tags, params: InTenant, response: { 200: TenantSettings } },
    },
    async ({ grant: { tenantId } }) => {
      const settings = await database.tenant(tenantId, (tx) => findSettings(tx, tenantId));
      if (!settings) throw problems.notFound();
      return settings;
    },
  );

  app.patch(
    path,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Change settings of a tenant', tags, params: InTenant, body: TenantSettingsInput },
        response: { 200: TenantSettings },
      },
    },
    async ({ grant, body }) => {
      const { tenantId } = grant;
      if (body.adminAccountPattern) refusePattern(body.adminAccountPattern);
      return await database.tenant(tenantId, async (tx) => {
        const before = await findSettings(tx, tenantId);
        if (!before) throw problems.notFound();
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const after = TenantSettings.parse({ ...before, ...given });
        await saveSettings(tx, tenantId, after);
        if (after.dormantDays !== before.dormantDays) await recountDormant(tx, clock.now(), after.dormantDays);
        const change = Object.fromEntries(
          Object.entries(given).map(([name]) => [
            name,
            { before: before[name as keyof typeof before], after: after[name as keyof typeof after] },
          ]),
        );
        await audit(tx, grant, { action: 'tenant.change', target: after.name, change });
        return after;
      });
    },
  );

  app.delete(
    '/api/tenants/:tenantId',
    {
      config: { ...administrator, endsAccess: true },
      schema: {
        ...{ summary: 'Delete a tenant and everything in it', tags, params: InTenant },
        description: 'It disappears at once; its rows are deleted in the background.',
        response: { 204: z.void() },
      },
    },
    async ({ grant, act }, reply) => {
      const { tenantId } = grant;
      await database.system(async (tx) => {
        const settings = await findSettings(tx, tenantId);
        if (!settings || !(await markTenantDeleted(tx, tenantId, clock.now()))) throw problems.notFound();
        await audit(tx, act, { action: 'tenant.delete', target: settings.name, change: { tenantId } });
      });
      wake();
      return reply.code(204).send();
    },
  );
};

/** The pattern runs over every login of the tenant, so it must be one that takes linear time. */
const refusePattern = (pattern: string): void => {
  let groups: Readonly<Record<string, number>>;
  try {
    groups = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).namedGroups();
  } catch {
    throw invalid(
      'adminAccountPattern',
      'This is not a regular expression that can be used here. Look-around and back-references cannot.',
    );
  }
  if (!Object.hasOwn(groups, 'base')) {
    throw invalid('adminAccountPattern', 'Name the part that is the ordinary login: ^adm-(?<base>.+)$.');
  }
};
