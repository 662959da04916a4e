import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import {
  findConnection,
  type KeptCaveat,
  type StoredConnection,
  saveCheck,
  writeActivity,
} from '../connections/index.ts';
import { type TellConnectivity, tellConnectivity } from '../runs/index.ts';
import { type CollectorCheck, checkCollector } from './health.ts';
import { findCollector, type StoredCollector } from './store.ts';

export interface SettleParts {
  /** The version that is offered; null: none. */
  readonly offers: string | null;
  readonly tellConnectivity: TellConnectivity;
}

/**
 * Brings the health of a connection to how its collector is: an entry of the timeline when something begins or ends to
 * fail, the new connectivity told once. Writes nothing while it stays as it is.
 */
export const settleCollector = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  at: Date,
  parts: SettleParts,
): Promise<void> => {
  const collector = await findCollector(tx, tenantId, connectionId);
  const connection = await findConnection(tx, tenantId, connectionId);
  if (!collector?.registeredAt || !connection) return;
  const checked = checkCollector(collector, parts.offers, at);
  const caveats = [...checked.caveats, ...connection.caveats.filter(({ stream }) => stream !== undefined)];
  if (isSame(connection, checked, caveats)) return;
  await saveCheck(tx, tenantId, connectionId, { ...checked, caveats, at });
  await note(tx, tenantId, collector, connection, checked, at);
  await tellConnectivity(tx, tenantId, connectionId, parts.tellConnectivity);
};

const isSame = (
  { checkHealth, checkFault, caveats: before }: StoredConnection,
  { health, fault }: CollectorCheck,
  caveats: readonly KeptCaveat[],
): boolean => {
  const words = (all: readonly KeptCaveat[]) =>
    all.map(({ code, advice, stream = '' }) => `${stream} ${code} ${advice}`);
  return (
    checkHealth === health &&
    checkFault?.kind === fault?.kind &&
    checkFault?.advice === fault?.advice &&
    // While a check fails the caveats of the last good one stay.
    (fault !== null || words(before).join('\n') === words(caveats).join('\n'))
  );
};

const note = async (
  tx: Sql,
  tenantId: TenantId,
  { connectionId, host }: StoredCollector,
  before: StoredConnection,
  { health, fault }: CollectorCheck,
  at: Date,
): Promise<void> => {
  if (fault && (fault.kind !== before.checkFault?.kind || fault.advice !== before.checkFault.advice)) {
    const title = `The collector on ${host} reports a fault, or nothing at all`;
    await writeActivity(tx, tenantId, { connectionId, at, kind: 'fault', title, health, fault });
  }
  if (!fault && before.checkFault) {
    const title = `The collector on ${host} works again`;
    await writeActivity(tx, tenantId, { connectionId, at, kind: 'recovered', title, health });
  }
};
