import { type Desk, erasedDesk } from '@gatehouse/desk-kit';
import { desks } from '@gatehouse/desks';
import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { DeskParts } from '../parts.ts';
import { openSettings } from './settings.ts';
import type { Connection } from './store.ts';

/** A desk with its client: what is asked of it is `desk.findTicket(client, …)`. */
export interface OpenDesk {
  readonly desk: Desk;
  readonly client: unknown;
}

export const findDesk = (id: string): Desk | null => {
  const found = desks.find((one) => one.id === id);
  return found === undefined ? null : erasedDesk(found);
};

/** `attempts`: few where a person waits. No traffic until something is asked. @throws Fault for settings that are not valid any more */
export const openDesk = (
  { sealer, clock }: Pick<DeskParts, 'sealer' | 'clock'>,
  connection: Connection,
  { signal, attempts }: { readonly signal: AbortSignal; readonly attempts: number },
): OpenDesk => {
  const desk = findDesk(connection.desk);
  if (desk === null) throw new Fault('misconfigured', `There is no adapter “${connection.desk}” any more.`);
  const parsed = desk.config.safeParse(openSettings(sealer, connection));
  if (!parsed.success)
    throw new Fault(
      'misconfigured',
      'Open the settings of this connection and save them again.',
      'settings do not parse',
    );
  const host = createHost({ signal, clock, attempts, answerMs: 60_000 });
  return { desk, client: desk.connect(parsed.data as never, host) };
};
