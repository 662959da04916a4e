import { Fault } from '@gatehouse/kernel';
import type { Step, Untried } from './check.ts';
import type { FieldsWritten, NoteWritten } from './desk.ts';
import { type Mapping, mappedNames } from './mapping.ts';
import type { Note } from './note.ts';
import { type FieldResult, type FieldValues, type LogicalField, logicalFields, type Ticket } from './ticket.ts';

/** The ticket that a test of settings writes to. */
export interface Probe {
  /** Finds it. */
  readonly step: Step;
  /** Null: none is named, or it was not found. */
  ticket(): Ticket | null;
}

const noProbe: Untried = { untried: 'Not tried, because no probe ticket is named or it was not found.' };

export const probeOf = (key: string | null, find: (key: string) => Promise<Ticket | null>): Probe => {
  const found: { ticket: Ticket | null } = { ticket: null };
  return {
    ticket: () => found.ticket,
    step: {
      ...{ id: 'probe-ticket', name: 'The probe ticket is there' },
      async run() {
        if (key === null) return { untried: 'No probe ticket is named, so that nothing was written.' };
        found.ticket = await find(key);
        if (found.ticket !== null) return `It is ${found.ticket.number}.`;
        throw new Fault('misconfigured', 'The probe ticket is not there, or this account must not see it.');
      },
    },
  };
};

/** Whether what is sent can be read on the way. */
export const transportStep = (address: string): Step => ({
  ...{ id: 'encrypted', name: 'The connection is encrypted' },
  async run() {
    const url = URL.parse(address);
    if (url?.protocol === 'https:') return 'The desk showed a certificate that is trusted here.';
    if (url !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
      return 'It is not, and need not be: the desk is on this machine.';
    throw new Fault(
      'misconfigured',
      'The address begins with http://: the credential can be read on its way. Use https://.',
    );
  },
});

/** Whether the mapped fields can be written, tried once for all of them: desks take their time. */
export interface FieldTrial {
  /** One step for each mapped field: it is there on the probe ticket, and takes a value. */
  readonly steps: readonly Step[];
  /** What became of a field; null where there is no probe ticket. */
  result(field: LogicalField): Promise<FieldResult | null>;
}

/** What the fields held before is put back. */
export const tryFields = (
  mapping: Mapping,
  probe: Probe,
  set: (ticket: string, values: FieldValues) => Promise<FieldsWritten>,
): FieldTrial => {
  const names = mappedNames(mapping);
  const go = async (): Promise<readonly FieldResult[] | null> => {
    const ticket = probe.ticket();
    if (ticket === null) return null;
    const tried = await set(ticket.id, Object.fromEntries(names.map(([field]) => [field, probeValue(field, ticket)])));
    if (tried.state !== 'done')
      throw new Fault('unexpected', 'Somebody changed the probe ticket meanwhile. Try again.');
    const changed = tried.results.filter(({ state }) => state === 'applied').map(({ field }) => field);
    const before = changed.map((field) => [field, ticket.fields[field] ?? (field === 'sessionIds' ? [] : null)]);
    if (before.length > 0) await set(ticket.id, Object.fromEntries(before));
    return tried.results;
  };
  let going: ReturnType<typeof go> | null = null;
  const result = async (wanted: LogicalField) => {
    going ??= go();
    return (await going)?.find(({ field }) => field === wanted) ?? null;
  };
  const steps = names.map(([field, name]) => ({
    ...{ id: `field-${field}`, name: `“${name}” takes ${logicalFields[field].toLowerCase()}` },
    async run() {
      const tried = await result(field);
      if (tried === null) return noProbe;
      if (tried.state === 'applied') return 'It is there and took a value, which was taken back.';
      throw new Fault('misconfigured', tried.advice ?? 'The field did not take a value.');
    },
  }));
  return { steps, result };
};

const probeValue = (field: LogicalField, { fields }: Ticket): string | readonly string[] => {
  const value = `gatehouse-probe-${crypto.randomUUID().slice(0, 8)}`;
  return field === 'sessionIds' ? [...(fields.sessionIds ?? []), value] : value;
};

/** Writes the probe's note, which stands there once however often it is tried, and has `prove` say who can see it. */
export const noteStep = (
  probe: Probe,
  add: (ticket: string, note: Note) => Promise<NoteWritten>,
  prove: (ticket: string, note: string) => Promise<string>,
): Step => ({
  ...{ id: 'note', name: 'A note is not visible to customers' },
  async run() {
    const ticket = probe.ticket();
    if (ticket === null) return noProbe;
    const marker = { session: 'gatehouse-probe', part: 'summary', revision: 1 };
    const html = '<p>Gatehouse tried whether it can write notes here.</p>';
    const written = await add(ticket.id, { marker, title: 'Test of the settings', html });
    if (written.state !== 'done')
      throw new Fault(
        'unexpected',
        'Somebody changed the probe ticket meanwhile. Try again.',
        `the note is ${written.state}`,
      );
    return prove(ticket.id, written.id);
  },
});
