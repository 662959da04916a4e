import type { Sql } from '@gatehouse/database';
import type { Portal } from '../../api/portal.ts';
import { listIssues } from '../../issues/index.ts';
import { getOptions } from '../../options/index.ts';
import { isQueueAvailable, type Queue } from '../queues.ts';

/** What a customer can choose between, and for what somebody is there now. */
export const describePortal = async (tx: Sql, now: Date): Promise<Portal> => {
  const options = await getOptions(tx);
  const { portalAgreement: agreement, portalGeneralQueue, recordScreens: recorded } = options;
  const company = options.portalName || options.company;
  const known = new Map<number | null, boolean>();
  const isAvailable = async (teamId: number | null): Promise<boolean> => {
    const queue: Queue = teamId === null ? { type: 'general' } : { type: 'team', id: teamId };
    const available = known.get(teamId) ?? (await isQueueAvailable(tx, queue, now));
    known.set(teamId, available);
    return available;
  };
  const issues: Portal['issues'] = [];
  for (const { codeName, description, teamId } of await listIssues(tx))
    issues.push({ codeName, description, isAvailable: await isAvailable(teamId) });
  return { company, agreement, recorded, general: portalGeneralQueue ? await isAvailable(null) : null, issues };
};
