import { type Desk, erasedDesk, type LogicalField, logicalFieldNames } from '@gatehouse/desk-kit';
import { desks } from '@gatehouse/desks';
import { createHost } from '@gatehouse/host';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { openSettings } from './settings.ts';
import type { Connection } from './store.ts';

/** A desk with its client: what is asked of it is `desk.findTicket(client, …)`. */
export interface OpenDesk {
  readonly desk: Desk;
  readonly client: unknown;
  /** What of a session its settings map to fields of tickets. */
  readonly mapped: ReadonlySet<LogicalField>;
}

/** Every desk has its mapping there. */
const Mapped = z.object({ fields: z.record(z.string(), z.string().nullish()) });

/** Clients of desks. Each keeps what it knows of its desk for as long as the settings stay as they are. @throws Fault for settings that are not valid any more */
export type OpenConnection = (connection: Connection) => OpenDesk;

export const findDesk = (id: string): Desk | null => {
  const found = desks.find((one) => one.id === id);
  return found === undefined ? null : erasedDesk(found);
};

const most = 1_000;

/** No traffic until something is asked. `signal` ends what is under way. */
export const openConnections = (
  { sealer, clock }: { readonly sealer: Sealer; readonly clock: Clock },
  signal: AbortSignal,
): OpenConnection => {
  const known = new Map<string, OpenDesk>();
  return (connection) => {
    const key = `${connection.connectionId} ${connection.desk} ${connection.sealedSettings}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const desk = findDesk(connection.desk);
    if (desk === null) throw new Fault('misconfigured', `There is no adapter “${connection.desk}” any more.`);
    const parsed = desk.config.safeParse(openSettings(sealer, connection));
    if (!parsed.success)
      throw new Fault(
        'misconfigured',
        'Open the settings of this connection and save them again.',
        'settings do not parse',
      );
    const host = createHost({ signal, clock, attempts: 3, retryMs: 15_000, answerMs: 60_000 });
    // The schema of this adapter made it, so its own functions take it.
    const client = desk.connect(parsed.data as never, host);
    const { fields } = Mapped.parse(parsed.data);
    const mapped = new Set(logicalFieldNames.filter((field) => (fields[field] ?? '') !== ''));
    const opened = { desk, client, mapped };
    if (known.size >= most) known.clear();
    known.set(key, opened);
    return opened;
  };
};
