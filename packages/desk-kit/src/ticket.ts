import { z } from 'zod';

/** What a ticket can hold of its support sessions, by the words that settings and pages use. */
export const logicalFields = {
  sessionIds: 'Session IDs',
  sessionKey: 'Session key',
  sessionUrl: 'Session URL',
  sessionKeyExpires: 'Session key expires',
  sessionStartLink: 'Link that starts a session',
  jumpSearch: 'Jump Client search criteria',
  lastSessionStatus: 'Status of the last session',
  lastSessionEnd: 'End of the last session',
  surveyRating: 'Rating of the survey',
} as const;

export type LogicalField = keyof typeof logicalFields;

/** In the order of forms. */
export const logicalFieldNames = z.enum(Object.keys(logicalFields) as [LogicalField, ...LogicalField[]]).options;

/** What stands in a field whose link its desk makes by itself: it has to hold something to be shown. */
export const startWords = 'Start a support session';

/** Session ids are a list, which is always written whole; every other field is one text, null where it is empty. */
export type FieldValues = {
  readonly [F in LogicalField]?: F extends 'sessionIds' ? readonly string[] : string | null;
};

/** Somebody whom the desk knows: who works there, and who asks for help. */
export interface DeskPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string | null;
}

export interface Ticket {
  /** Of the ticket that counts: where tickets were merged, of the one that they were merged into. */
  readonly id: string;
  /** As people write it. */
  readonly number: string;
  /** Where people see it. */
  readonly url: string;
  readonly subject: string;
  /** In the words of the desk. */
  readonly status: string;
  readonly isOpen: boolean;
  /** Changes with every change of the ticket; only the desk that gave it can read it. */
  readonly version: string;
  readonly requester: DeskPerson | null;
  readonly assignee: DeskPerson | null;
  /** The queue, team or project that it is in. */
  readonly group: string | null;
  /** Those that the settings map and that this account sees on this ticket. */
  readonly fields: FieldValues;
  /** Every field of the desk's own that this account sees, by its name there: what rules of assignment read. */
  readonly custom: ReadonlyMap<string, readonly string[]>;
}

/** What became of one field, as it was found on the ticket afterwards. */
export interface FieldResult {
  readonly field: LogicalField;
  /**
   * `denied`: the field is there and holds something else. `unknown`: the settings do not map it, or this ticket has no
   * such field, or the account does not see it.
   */
  readonly state: 'applied' | 'denied' | 'unknown';
  /** What to do about it; null where it was applied. */
  readonly advice: string | null;
}

/** A text as desks keep it: without blanks around it, with plain line breaks. */
export const asKept = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();

/** Whether a ticket holds what was written to one of its fields. */
export const holds = (found: readonly string[], wanted: readonly string[]): boolean => {
  const [is, should] = [found, wanted].map((list) => [...new Set(list.map(asKept))].filter(Boolean).toSorted());
  return JSON.stringify(is) === JSON.stringify(should);
};

/** The values of a field as a list, whether it holds one text or several. */
export const listOf = (value: FieldValues[LogicalField]): readonly string[] =>
  value === null || value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** The fields that somebody gives values for. */
export const given = (values: FieldValues): readonly LogicalField[] =>
  logicalFieldNames.filter((field) => values[field] !== undefined);
