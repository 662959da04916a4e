import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@gatehouse/kernel';
import type { Principal } from '@gatehouse/server';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import type { Wanted } from '../ecm/index.ts';
import type { TestSite } from './test-site.ts';

/** Somebody who may open sessions on one endpoint, and what they ask for. */
export const sampleErrand = async (
  site: Pick<TestSite, 'operator' | 'person'>,
  of: { readonly username?: string; readonly hostname?: string; readonly ecmGroupId?: number } = {},
) => {
  const { username, hostname = 'web1' } = of;
  const person = await site.person({ systemAdministrator: true });
  if (username !== undefined)
    await ok(site.operator.ask('PATCH', `/api/users/${person.userId}`, { body: { username } }));
  const group = await ok(site.operator.post('/api/jump-groups', { name: `Group ${newId()}` }));
  const item = await ok(
    site.operator.post('/api/jump-items/shell-jump', {
      ...{ name: hostname, hostname, protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.body.id },
    }),
  );
  const principal: Principal = {
    ...{ kind: 'person', personId: person.personId, name: 'Ada Keller', email: person.email },
    systemAdministrator: true,
  };
  const jumpItem = { type: 'shell-jump', id: item.body.id } as const;
  return {
    principal,
    errand: () => ({ principal, userId: person.userId, jumpItem, correlationId: newId<string>() }),
    wanted: (more: Partial<Wanted> = {}): Wanted => ({
      ...{ principal, userId: person.userId, jumpItem, correlationId: newId<string>() },
      ...{ sessionId: newId<string>(), credential: 'web1/root', reason: 'a test', expiresInMs: 600_000, ...more },
    }),
  };
};

/** What the site holds of leases, oldest first. */
export const leasesOf = async ({ database }: Pick<TestSite, 'database'>) => {
  const { rows } = await database.system((tx) =>
    sql<{ leaseId: string; sessionId: string; state: string; why: string | null; ecmName: string }>`
      select lease_id as "leaseId", session_id as "sessionId", state, why, ecm_name as "ecmName" from brokered
      order by asked_at, lease_id`.execute(tx),
  );
  return rows;
};

/** Resolves as soon as it is true; rejects with what is known when it does not become so. */
export const until = async (
  isTrue: () => Promise<boolean> | boolean,
  about: () => unknown = () => '',
): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It did not become true. ${JSON.stringify(await about())}`);
    await pause(10);
  }
};
