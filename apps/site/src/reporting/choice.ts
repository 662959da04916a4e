import { z } from 'zod';
import { BadParameters, lsid } from '../xml-api/index.ts';

/** Which sessions a report is about: those that are named, or those that began or ended in a time. */
export type Choice =
  | { readonly by: 'lsid'; readonly lsids: readonly string[] }
  | { readonly by: 'start' | 'end'; readonly span: Span };

/** `until` is not in it; null: it has no end. */
export interface Span {
  readonly from: Date;
  readonly until: Date | null;
}

const mostNamed = 1_000;
const lastSecond = 253_402_300_799;
const dayMs = 86_400_000;

const noDay = 'Enter a day of the calendar such as 2026-11-28.';
const date = z.iso
  .date(noDay)
  // The database has no year 0.
  .refine((text) => !text.startsWith('0000'), noDay)
  .transform((text) => new Date(`${text}T00:00:00Z`));
const time = z
  .string()
  .regex(/^\d{1,12}$/, 'Enter seconds since 1970.')
  .transform(Number)
  .pipe(z.number().max(lastSecond, 'Enter seconds since 1970.'))
  .transform((seconds) => new Date(seconds * 1_000));
const lsids = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(z.array(lsid).max(mostNamed, `Name at most ${mostNamed}.`));

const timeFields = {
  ...{ start_date: date.optional(), start_time: time.optional(), end_date: date.optional(), end_time: time.optional() },
  duration: z
    .string()
    .regex(/^\d{1,10}$/, 'Enter a whole number: days for a date, seconds for a time, 0 until now.')
    .transform(Number)
    .optional(),
};

/** The parameters by which sessions are chosen. */
export const choiceFields = { lsid: lsid.optional(), lsids: lsids.optional(), ...timeFields };
/** The same for what belongs to no session. */
export const spanFields = timeFields;

type Times = { readonly [F in keyof typeof timeFields]?: z.output<(typeof timeFields)[F]> };
type Named = { readonly lsid?: string | undefined; readonly lsids?: readonly string[] | undefined };

/** All that is kept, for what is small whatever it is about. */
export const everything: Choice = { by: 'start', span: { from: new Date(0), until: null } };

/** What was named counts before times. `otherwise` where nothing is said at all. @throws BadParameters */
export const choiceOf = (given: Times & Named, otherwise: Choice | null = null): Choice => {
  const named = [...(given.lsid === undefined ? [] : [given.lsid]), ...(given.lsids ?? [])];
  if (named.length > 0) return { by: 'lsid', lsids: [...new Set(named.map((one) => one.toLowerCase()))] };
  const by = boundOf(given);
  if (by === null && otherwise !== null && given.duration === undefined) return otherwise;
  if (by === null)
    throw new BadParameters(
      'Name lsid or lsids, or one of start_date, start_time, end_date and end_time with a duration.',
    );
  return { by, span: spanFrom(given, by) };
};

/** Null: no time was named. @throws BadParameters */
export const spanOf = (given: Times): Span | null => {
  const by = boundOf(given);
  return by === null ? null : spanFrom(given, by);
};

const boundOf = ({ start_date, start_time, end_date, end_time }: Times): 'start' | 'end' | null => {
  const [start, end] = [start_time ?? start_date, end_time ?? end_date];
  if (start !== undefined && end !== undefined)
    throw new BadParameters('start_time, end_time: Name a start or an end, not both.');
  return start !== undefined ? 'start' : end !== undefined ? 'end' : null;
};

/** Programs send a date and a time together; the time is the one that says more. */
const spanFrom = (given: Times, by: 'start' | 'end'): Span => {
  const [exact, day] = by === 'start' ? [given.start_time, given.start_date] : [given.end_time, given.end_date];
  const from = exact ?? day;
  const { duration } = given;
  if (from === undefined || duration === undefined) throw new BadParameters('The parameter duration is missing.');
  const end = from.getTime() + duration * (exact === undefined ? dayMs : 1_000);
  return { from, until: duration === 0 || end > lastSecond * 1_000 ? null : new Date(end) };
};
