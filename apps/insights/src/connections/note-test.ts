import { isDeepStrictEqual } from 'node:util';
import type { ConnectionCheck } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { Sealer, TenantGrant } from '@gatehouse/server';
import { writeActivity } from './activities.ts';
import { keepFault } from './fault-words.ts';
import { revealSettings, type Settings } from './settings.ts';
import { findConnection } from './store.ts';

/** What a person tried on an existing connection, and what came of it. */
export interface Tested {
  readonly connectionId: string;
  /** The settings that were tried, secrets sealed. */
  readonly kept: Settings;
  readonly found: ConnectionCheck;
  readonly at: Date;
}

/** Leaves a test in the history of its connection. The connection itself stays as it is: nothing was read. */
export const noteTest = async (
  tx: Sql,
  { tenantId, principal }: TenantGrant,
  { connectionId, kept, found, at }: Tested,
  sealer: Sealer,
): Promise<void> => {
  const connection = await findConnection(tx, tenantId, connectionId);
  // Deleted while its system was asked.
  if (!connection) return;
  const open = (settings: Settings) => revealSettings(settings, sealer, [tenantId, connectionId]);
  const isSaved = isDeepStrictEqual(open(kept), open(connection.settings));
  const unread = found.streams.filter(({ ok }) => !ok);
  const [first] = unread;
  const fault = found.fault ?? first?.fault ?? null;
  await writeActivity(tx, tenantId, {
    ...{ connectionId, at, kind: 'check', actor: principal.name, health: found.health },
    title: `Tested${isSaved ? '' : ' with settings that are not saved'}: ${outcome(found, unread.length)}`,
    stream: found.fault === null ? (first?.stream ?? null) : null,
    fault: fault && keepFault(fault, at),
  });
};

const outcome = (found: ConnectionCheck, unread: number): string => {
  if (found.fault) return 'failed';
  if (unread > 0) return `${unread} of ${found.streams.length} streams cannot be read`;
  return found.health === 'connected' ? 'everything can be read' : 'everything can be read, with limits';
};
