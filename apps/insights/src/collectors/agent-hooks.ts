import { audit, type Release } from '@gatehouse/server';
import type { AgentHooks } from '../connections/index.ts';
import { toInstallation } from './installation.ts';
import { makeKey } from './keys.ts';
import { insertCollector, removeCollector } from './store.ts';

/** What the creation and the deletion of a connection mean for its collector. `baseUrl`: where collectors reach us. */
export const agentHooks = (baseUrl: () => string, release: Release | null): AgentHooks => ({
  created: async (tx, grant, { connectionId, name, at }) => {
    const { tenantId, principal } = grant;
    await insertCollector(tx, tenantId, connectionId);
    const made = await makeKey(tx, tenantId, { connectionId, by: principal.name, at });
    const change = { connectionId, expiresAt: made.expiresAt.toISOString() };
    await audit(tx, grant, { action: 'collector.key.create', target: name, change });
    return toInstallation(made, baseUrl(), release);
  },
  removed: (tx, { tenantId }, { connectionId, at }) => removeCollector(tx, tenantId, connectionId, at),
});
