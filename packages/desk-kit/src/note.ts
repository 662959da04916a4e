import { Fault } from '@gatehouse/kernel';

/** What makes a note the same note: however often it is said, and by however many processes, it stands once. */
export interface Marker {
  /** The id of the session, as its site names it: at most 100 of the characters A-Z a-z 0-9 . _ : - */
  readonly session: string;
  /** Which part of its report: `summary`, `chat` … at most 40 of a-z 0-9 - */
  readonly part: string;
  /** From 1. A later one takes the place of an earlier one, or follows it where a desk cannot change a note. */
  readonly revision: number;
}

/** A note for the people of the desk. Customers do not see it: what they see is sent by `reply`. */
export interface Note {
  readonly marker: Marker;
  /** One line. */
  readonly title: string;
  /** Made safe by the adapter once more; turned into text where a desk takes nothing else. At most a million characters. */
  readonly html: string;
  /** How long somebody worked, where a desk counts that. */
  readonly minutes?: number;
}

const session = '[A-Za-z0-9._:-]{1,100}';
const part = '[a-z0-9-]{1,40}';
const revision = '[1-9][0-9]{0,5}';
const whole = new RegExp(`^${session} ${part} ${revision}$`);
const within = new RegExp(`\\[session (${session}) (${part}) (${revision})\\]`);

/** A marker as it stands in a note, which people may read: `[session 0123abc summary 2]`. */
export const markerText = (marker: Marker): string => `${markerPrefix(marker)}${marker.revision}]`;

/** What the markers of all revisions of one note begin with. */
export const markerPrefix = (marker: Marker): string => {
  const words = `${marker.session} ${marker.part} ${marker.revision}`;
  if (!whole.test(words)) throw new Fault('unexpected', 'A note cannot be written: its marker is none.', 'no marker');
  return `[session ${marker.session} ${marker.part} `;
};

/** The first marker in a text; null where there is none. */
export const markerIn = (text: string): Marker | null => {
  const [, session, part, revision] = within.exec(text) ?? [];
  if (session === undefined || part === undefined || revision === undefined) return null;
  return { session, part, revision: Number(revision) };
};

/** Whether two markers are of revisions of one note. */
export const isSameNote = (a: Marker, b: Marker): boolean => a.session === b.session && a.part === b.part;

/** A text as one line of at most 200 characters: titles go into headers and lists. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed();
