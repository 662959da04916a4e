import { importPublicKey, Registration, refusals } from '@gatehouse/connector-kit/ingest';
import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { audit, Problem, type ProgramAct } from '@gatehouse/server';
import { z } from 'zod';
import { writeActivity } from '../connections/index.ts';
import { invalidFields } from '../problems.ts';
import { tellConnectivity } from '../runs/index.ts';
import { findKeyOwner, takeKey, wasTaken } from './keys.ts';
import type { SettleParts } from './settle.ts';
import { findCollector, registerDevice, type StoredCollector } from './store.ts';

export interface RegisterParts extends SettleParts {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * Exchanges an installation key for the right of a device to sign. A key that is missing, wrong, expired, closed or used
 * gives one and the same answer. The same device may ask again, because the first answer may have been lost.
 */
export const registerCollector = async (
  parts: RegisterParts,
  body: unknown,
  correlationId: string,
): Promise<{ readonly collectorId: string; readonly name: string }> => {
  const { database, clock } = parts;
  const key = z.object({ installationKey: Registration.shape.installationKey }).safeParse(body);
  const owner = key.success ? await database.system((tx) => findKeyOwner(tx, key.data.installationKey)) : null;
  if (!owner) throw refused();
  const device = await parseDevice(body);
  const { tenantId, connectionId, keyId } = owner;
  return await database.tenant(tenantId, async (tx) => {
    const at = clock.now();
    const before = await findCollector(tx, tenantId, connectionId);
    if (!before) throw refused();
    const answer = { collectorId: connectionId, name: before.name };
    if (before.publicKey === device.publicKey && (await wasTaken(tx, tenantId, keyId, at))) return answer;
    if (!(await takeKey(tx, tenantId, keyId, at))) throw refused();
    if (!(await registerDevice(tx, tenantId, connectionId, device, at))) throw refused();
    const principal = { kind: 'program', id: connectionId, name: before.name } as const;
    await note(tx, { tenantId, principal, correlationId }, before, device, at);
    await tellConnectivity(tx, tenantId, connectionId, parts.tellConnectivity);
    return answer;
  });
};

const parseDevice = async (body: unknown): Promise<z.output<typeof Registration>> => {
  const parsed = Registration.safeParse(body);
  if (!parsed.success) {
    throw invalidFields(parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
  }
  const isKey = await importPublicKey(parsed.data.publicKey).then(
    () => true,
    () => false,
  );
  if (!isKey) throw invalidFields([{ field: 'publicKey', message: 'This is no public key of Ed25519.' }]);
  return parsed.data;
};

const note = async (
  tx: Sql,
  act: ProgramAct,
  { connectionId, name }: StoredCollector,
  { host, version, platform }: z.output<typeof Registration>,
  at: Date,
): Promise<void> => {
  await audit(tx, act, { action: 'collector.key.use', target: name, change: { connectionId, host } });
  await audit(tx, act, {
    action: 'collector.register',
    target: name,
    change: { connectionId, host, version, platform },
  });
  const title = `Collector registered on ${host}`;
  await writeActivity(tx, act.tenantId, { connectionId, at, kind: 'collector', title });
};

const refused = () =>
  new Problem(
    401,
    refusals.key,
    'The installation key is not accepted',
    'This key does not open anything: it was mistyped, has expired, was closed, or was used already. Make a new one on the page of the connector.',
  );
