import { isIP } from 'node:net';
import type { Sql } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import type { EcmEndpoint } from '@gatehouse/remote-access/ecm';
import type { JumpItemType } from '../api/jump-items.ts';
import { splitHostname } from '../jump-items/index.ts';
import { findReach, obstacleWords, type Reach } from '../reach/index.ts';
import { findUsername } from '../users/index.ts';

export interface JumpItemId {
  readonly type: JumpItemType;
  readonly id: number;
}

/** For whom and for what an ECM is asked. */
export interface Target {
  readonly person: string;
  readonly endpoint: EcmEndpoint;
  readonly ecmGroupId: number | null;
}

/** @throws Fault `forbidden` where this user may not begin a session there now; what is not seen and what is not there look the same. */
export const findTarget = async (tx: Sql, userId: number, item: JumpItemId, now: Date): Promise<Target> => {
  const [person, reach] = await Promise.all([findUsername(tx, userId), findReach(tx, userId, item, now)]);
  if (person === null || reach === null)
    throw new Fault('forbidden', 'There is no such Jump item, or you may not use it.');
  if (reach.obstacle !== null) throw new Fault('forbidden', obstacleWords[reach.obstacle], reach.obstacle);
  return { person, endpoint: toEndpoint(reach), ecmGroupId: reach.ecmGroupId };
};

const protocols = { 'shell-jump': 'ssh', 'remote-vnc': 'vnc', 'remote-rdp': 'rdp' } as const;

/** A vault knows nothing of ports. */
const toEndpoint = ({ type, hostname }: Pick<Reach, 'type' | 'hostname'>): EcmEndpoint => {
  const { host } = splitHostname(hostname);
  return { hostname: host, address: isIP(host) === 0 ? null : host, domain: null, protocol: protocols[type] };
};
