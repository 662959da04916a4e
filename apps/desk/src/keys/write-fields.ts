import { type FieldResult, type FieldValues, given, type Ticket } from '@gatehouse/desk-kit';
import { Fault } from '@gatehouse/kernel';
import type { OpenDesk } from '../connections/index.ts';

const mostRounds = 5;

/** Only those that the settings map; what became of each is for whoever made the key, who can still tell it by mouth. */
export const writeFields = async (
  { desk, client, mapped }: OpenDesk,
  ticket: Ticket,
  wanted: FieldValues,
): Promise<readonly FieldResult[]> => {
  const values = Object.fromEntries(
    given(wanted).flatMap((field) => (mapped.has(field) ? [[field, wanted[field]]] : [])),
  );
  if (given(values).length === 0) return [];
  let { version } = ticket;
  for (let round = 0; round < mostRounds; round += 1) {
    const done = await desk.setFields(client, ticket.id, values, version);
    if (done.state === 'done') return done.results;
    if (done.state === 'gone') throw new Fault('unexpected', 'The ticket is not there any more.');
    version = done.ticket.version;
  }
  return given(values).map((field) => ({
    field,
    state: 'denied',
    advice: 'Somebody else changed the ticket. Try again.',
  }));
};
