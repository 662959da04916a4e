import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '@gatehouse/lab';
import { z } from 'zod';
import { call, type Target } from '../commands/index.ts';
import { sampleCollectorName } from './collector.ts';

const Made = z.object({ tenantId: z.string() });

/**
 * Puts the lab into a tenant of its own, through the same API that a person uses. Only once: someone who deletes the
 * sample does not want it back.
 */
export const connectSample = async (
  target: Target,
  lab: Lab,
  home: string,
  say: (line: string) => void,
): Promise<void> => {
  const marker = join(home, 'sample-connected');
  if (existsSync(marker)) return;
  say('Connecting the sample organisation …');
  const { tenantId } = Made.parse(
    await (
      await call(target, {
        method: 'POST',
        path: '/api/tenants',
        body: { name: lab.name, isSample: true },
      })
    ).json(),
  );
  await call(target, {
    method: 'PATCH',
    path: `/api/tenants/${tenantId}/settings`,
    body: { ownedDomains: lab.ownedDomains, adminAccountPattern: lab.adminAccountPattern },
  });
  for (const { connector, name, settings } of lab.connections)
    await call(target, {
      method: 'POST',
      path: `/api/tenants/${tenantId}/connections`,
      body: { connector, name, settings },
    });
  await call(target, {
    method: 'POST',
    path: `/api/tenants/${tenantId}/connections`,
    body: { connector: 'insights-collector', name: sampleCollectorName, settings: {} },
  });
  writeFileSync(marker, tenantId);
};
