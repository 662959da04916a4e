import type { Lease, RunParts } from './lease.ts';
import { leaseMs, type Taken } from './queue.ts';
import { mergeIndexes, refreshStatistics } from './statistics.ts';
import { enterStage } from './store.ts';

/** The steps after reading, one after the other; waits while another run of the tenant is at them. */
export const afterReading = async (parts: RunParts, taken: Taken, worker: string, lease: Lease): Promise<void> => {
  const { database, clock, afterRead } = parts;
  const { tenantId, runId } = taken;
  for (const step of afterRead) {
    await enter(parts, taken, worker, step.stage, lease);
    lease.signal.throwIfAborted();
    await mergeIndexes(database);
    await refreshStatistics(database);
    await step.run(database, tenantId, { signal: lease.signal, clock, runId });
  }
  await mergeIndexes(database);
};

/** A tenant with a million accounts takes minutes; nobody holds the place for longer than this. */
const waitAtMostMs = 3_600_000;

const enter = async (
  { database, clock }: RunParts,
  { tenantId, runId }: Taken,
  worker: string,
  stage: 'correlating' | 'evaluating',
  lease: Lease,
): Promise<void> => {
  const until = clock.now().getTime() + waitAtMostMs;
  for (;;) {
    const aliveSince = new Date(clock.now().getTime() - leaseMs);
    if (await database.tenant(tenantId, (tx) => enterStage(tx, tenantId, runId, worker, stage, aliveSince))) return;
    lease.signal.throwIfAborted();
    if (clock.now().getTime() > until)
      throw new Error('Another run of this tenant is at the steps after reading for too long.');
    await clock.sleep(500, lease.signal);
  }
};
