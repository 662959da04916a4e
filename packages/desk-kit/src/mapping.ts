import { fields } from '@gatehouse/fields';
import type { z } from 'zod';
import { type LogicalField, logicalFieldNames, logicalFields } from './ticket.ts';

/** Which field of a desk holds what; null: none does. */
export type Mapping = { readonly [F in LogicalField]: F extends 'sessionIds' ? string : string | null };

const sentences: Readonly<Record<LogicalField, string>> = {
  sessionIds:
    'Takes several values: the ids of the sessions of a ticket. It is needed, because it says which sessions are written already.',
  sessionKey: 'The key that the customer enters.',
  sessionUrl: 'The address that the customer opens.',
  sessionKeyExpires: 'When the key expires.',
  sessionStartLink: 'A link that starts a session for whoever opens it from the ticket.',
  jumpSearch: 'What Jump Clients are searched for with, entered by whoever works on the ticket.',
  lastSessionStatus: 'Whether the last session waits, is open or has ended.',
  lastSessionEnd: 'When the last session ended.',
  surveyRating: 'What the customer answered after the last session.',
};

/**
 * The setting that says which field of the desk holds what: one cell for each, all but the session ids optional.
 * `word` says how a field is named there: "Name of a custom field".
 */
export const mappedFields = (word: string, isName: (text: string) => boolean, wrong: string) => {
  const cell = (field: LogicalField) => [logicalFields[field], `${word}. ${sentences[field]}`] as const;
  const optional = (field: LogicalField) =>
    fields.textOrNone(...cell(field)).refine((text) => text === null || isName(text), wrong);
  return fields
    .object({
      sessionIds: fields.text(...cell('sessionIds')).refine(isName, wrong),
      sessionKey: optional('sessionKey'),
      sessionUrl: optional('sessionUrl'),
      sessionKeyExpires: optional('sessionKeyExpires'),
      sessionStartLink: optional('sessionStartLink'),
      jumpSearch: optional('jumpSearch'),
      lastSessionStatus: optional('lastSessionStatus'),
      lastSessionEnd: optional('lastSessionEnd'),
      surveyRating: optional('surveyRating'),
    })
    .refine(isOneToOne, 'Two entries name the same field.')
    .meta({ title: 'Fields', description: 'Which field of the desk holds what of a support session.' });
};

type Mapped = z.output<ReturnType<typeof mappedFields>>;

const isOneToOne = (mapping: Mapping): boolean => {
  const names = Object.values(mapping).filter((name) => name !== null);
  return new Set(names).size === names.length;
};

/** What is mapped, in the order of forms. */
export const mappedNames = (mapping: Mapped): readonly (readonly [field: LogicalField, name: string])[] =>
  logicalFieldNames.flatMap((field) => {
    const name = mapping[field];
    return name === null ? [] : [[field, name] as const];
  });
