import type { Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { problems, type TenantGrant } from '@gatehouse/server';
import { silentMs } from './health.ts';
import { wantStreams } from './sources.ts';
import { findCollector } from './store.ts';

/** Asks whichever collector reads for a connection to read streams now; its next hello tells it so. */
export const askCollector =
  (clock: Clock) =>
  async (tx: Sql, { tenantId }: TenantGrant, connectionId: string, streams: readonly string[]): Promise<void> => {
    const collector = await findCollector(tx, tenantId, connectionId);
    if (!collector?.lastContactAt) {
      throw problems.conflict('No collector has registered yet. Install one with the key of this connector.');
    }
    const at = clock.now();
    if (at.getTime() - collector.lastContactAt.getTime() > silentMs.warning) {
      throw problems.conflict(
        `The collector on ${collector.host} has not reported for more than five minutes, so it cannot be asked to read. Start it there first.`,
      );
    }
    if (!(await wantStreams(tx, tenantId, connectionId, streams, at))) {
      throw problems.conflict(
        'This collector reads nothing of its own at the moment: it stands by for another, or has not said yet what it can read.',
      );
    }
  };
