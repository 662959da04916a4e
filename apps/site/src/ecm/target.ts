import { isIP } from 'node:net';
import type { Sql } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import type { EcmEndpoint } from '@gatehouse/remote-access/ecm';
import type { JumpItemType } from '../api/jump-items.ts';
import { findReach, type Obstacle, type Reach } from '../reach/index.ts';
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
  const person = await findUsername(tx, userId);
  const reach = await findReach(tx, userId, item, now);
  if (person === null || reach === null)
    throw new Fault('forbidden', 'There is no such Jump item, or you may not use it.');
  if (reach.obstacle !== null) throw new Fault('forbidden', obstacles[reach.obstacle], reach.obstacle);
  return { person, endpoint: toEndpoint(reach), ecmGroupId: reach.ecmGroupId };
};

const obstacles: Readonly<Record<Obstacle, string>> = {
  disabled: 'Your account is switched off.',
  access: 'No group policy lets you open sessions.',
  protocol: 'No group policy lets you open sessions with this protocol.',
  role: 'Your role for this Jump item does not start sessions.',
  schedule: 'Sessions with this Jump item may not begin at this time.',
};

const protocols = { 'shell-jump': 'ssh', 'remote-vnc': 'vnc', 'remote-rdp': 'rdp' } as const;

/** An RDP item may have a port behind its name, of which a vault knows nothing. */
const toEndpoint = ({ type, hostname }: Pick<Reach, 'type' | 'hostname'>): EcmEndpoint => {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(hostname) ?? [];
  const name = bracketed ?? plain ?? hostname;
  return { hostname: name, address: isIP(name) === 0 ? null : name, domain: null, protocol: protocols[type] };
};
