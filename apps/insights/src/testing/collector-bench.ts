import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { collecting, type FakeCollector } from './collector.ts';
import { eventually, testInsights } from './test-insights.ts';

/** The program with a connector that has an agent, and what tests of collectors ask about its inventory. */
export const collectorBench = async () => {
  const host = await testInsights({ ...collecting, afterRead: [] });
  const at = (tenantId: string, connectionId: string) => `/api/tenants/${tenantId}/connections/${connectionId}`;

  /** What the inventory of a tenant has of the users: `u1`, and `-u1` for one that is gone. */
  const usersOf = (tenantId: TenantId, connectionId?: string) =>
    host.database.tenant(tenantId, async (tx) => {
      const { rows } = await sql<{ id: string }>`
        select case when gone_at is null then id else '-' || id end as id from accounts
        where ${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid
        order by accounts.id`.execute(tx);
      return rows.map(({ id }) => id);
    });
  return {
    host,
    at,
    usersOf,
    /** Waits until no run is under way and the users are these. */
    isUsers: (tenantId: TenantId, ids: readonly string[], connectionId?: string) =>
      eventually(async () => {
        const { rows } = await sql`
          select from runs where tenant_id = ${tenantId} and state in ('queued', 'running')`.execute(
          host.database.owner,
        );
        return rows.length === 0 && (await usersOf(tenantId, connectionId)).join() === ids.join();
      }),
    detailOf: async (tenantId: string, connectionId: string) =>
      (await host.operator.get(at(tenantId, connectionId))).body,
    /** What becomes of batches that are sent one after the other: `stored`, `known`, or status and code. */
    statuses: async (collector: FakeCollector, ...batches: Parameters<FakeCollector['send']>[0][]) => {
      const answers: string[] = [];
      for (const batch of batches) {
        const { status, body } = await collector.send(batch);
        answers.push(status === 200 ? body.state : `${status} ${body.type.split(':').at(-1)}`);
      }
      return answers;
    },
  };
};
