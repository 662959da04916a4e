import type { Mapping } from './mapping.ts';
import { type FieldResult, type FieldValues, given, holds, listOf, logicalFieldNames, type Ticket } from './ticket.ts';

/** The mapped fields of a ticket; `read` gives what one of the desk's fields holds, undefined where it is not there. */
export const fieldsFrom = (mapping: Mapping, read: (name: string) => readonly string[] | undefined): FieldValues =>
  Object.fromEntries(
    logicalFieldNames.flatMap((field) => {
      const name = mapping[field];
      const values = name === null ? undefined : read(name);
      if (values === undefined) return [];
      return [[field, field === 'sessionIds' ? values : (values[0] ?? null)]];
    }),
  );

/** What became of each field, by the ticket as it was read afterwards. `words` say what to do. */
export const fieldResults = (
  values: FieldValues,
  mapping: Mapping,
  ticket: Pick<Ticket, 'fields'>,
  words: { unknown(name: string): string; denied(name: string): string },
): readonly FieldResult[] =>
  given(values).map((field) => {
    const name = mapping[field];
    if (name === null) return { field, state: 'unknown', advice: 'The settings map no field to it.' };
    const found = ticket.fields[field];
    if (found === undefined) return { field, state: 'unknown', advice: words.unknown(name) };
    if (holds(listOf(found), listOf(values[field]))) return { field, state: 'applied', advice: null };
    return { field, state: 'denied', advice: words.denied(name) };
  });
