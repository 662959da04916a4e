import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import type { Clock, ConnectionId, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import { queueRun } from './store.ts';

export interface ScheduleParts {
  readonly database: Database;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly clock: Clock;
}

/** What is due this soon is read in the same run, so that a connection is not started twice for nothing. */
const soonMs = 90_000;

/**
 * Queues a run for every connection that has a stream to read and none under way. Safe to call from several processes
 * at once. Answers with how many were queued.
 */
export const queueDue = async ({ database, connectors, clock }: ScheduleParts): Promise<number> => {
  const at = clock.now();
  let queued = 0;
  for (let after: string | null = null; ; ) {
    const idle: readonly Idle[] = await listIdle(database, after);
    for (const connection of idle) {
      const streams = dueStreams(connectors.get(connection.connector), connection.nextReads, at);
      if (streams.length === 0) continue;
      const { tenantId, connectionId } = connection;
      await database.tenant(tenantId, (tx) =>
        queueRun(tx, tenantId, { connectionId, reason: 'schedule', streams, at }),
      );
      queued++;
    }
    if (idle.length < pageSize) return queued;
    after = idle.at(-1)?.connectionId ?? null;
  }
};

/** The connector's order; a stream that was never read is due. Nothing unless one is due now. */
export const dueStreams = (
  connector: AnyConnector | undefined,
  nextReads: ReadonlyMap<string, Date>,
  at: Date,
): readonly string[] => {
  // An agent reads when it is time, and what arrives is read at once.
  if (connector?.agent) return [];
  const ids = Object.keys(connector?.streams ?? {});
  const isDueBy = (time: number) => (id: string) => (nextReads.get(id)?.getTime() ?? 0) <= time;
  return ids.some(isDueBy(at.getTime())) ? ids.filter(isDueBy(at.getTime() + soonMs)) : [];
};

const pageSize = 500;

const Idle = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  connectionId: z.string().transform((id) => id as ConnectionId),
  connector: z.string(),
  nextReads: z.record(z.string(), z.coerce.date()).transform((reads) => new Map(Object.entries(reads))),
});
type Idle = z.output<typeof Idle>;

/** Connections that are on and have no run, of every tenant; nothing of their content. */
const listIdle = (database: Database, after: string | null): Promise<readonly Idle[]> =>
  database.system(async (tx) => {
    const { rows } = await sql`
      select c.tenant_id as "tenantId", c.connection_id as "connectionId", c.connector,
        coalesce((
          select jsonb_object_agg(s.stream, s.next_read_at) from stream_states s
          where s.tenant_id = c.tenant_id and s.connection_id = c.connection_id and s.next_read_at is not null
        ), '{}') as "nextReads"
      from connections c
      where c.enabled and c.deleted_at is null and (${after}::uuid is null or c.connection_id > ${after}::uuid)
        and not exists (
          select from runs r where r.tenant_id = c.tenant_id and r.connection_id = c.connection_id
            and r.state in ('queued', 'running'))
      order by c.connection_id limit ${pageSize}`.execute(tx);
    return z.array(Idle).parse(rows);
  });
