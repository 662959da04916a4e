import type { Json } from '@gatehouse/kernel';
import type { Column } from './column.ts';
import { type RecordKind, type Records, records } from './records.ts';
import { safeJson } from './safe-json.ts';
import { clip, safeText, storable } from './safe-text.ts';

/** The longest text of a column, in UTF-16 units. */
export const longestText = 2_000;
/** The most entries of a list. */
export const longestList = 10_000;
/** Ids are part of keys and indexes, which end at 2,700 bytes; longer ones cannot be cut without confusing two records. */
export const longestId = 500;

/** What had to be cut, by column; `raw` and columns of JSON too. Feeds the caveats of a stream. */
export type Losses = Map<string, number>;

/** Makes one kind of record fit for the inventory. Returns the very same record where nothing had to change. */
export type MakeSafe<K extends RecordKind> = (record: Records[K], losses: Losses) => Records[K];

export const makeSafe = <K extends RecordKind>(kind: K): MakeSafe<K> => {
  const plan = Object.entries<Column>(records[kind]).map(([name, { type, values }]) => ({
    name,
    mend: values === undefined ? menders[type] : oneOf(new Set(values)),
  }));
  return (record, losses) => {
    const given: Readonly<Record<string, unknown>> = record;
    let copy: Record<string, unknown> | null = null;
    for (let i = 0; i < plan.length; i++) {
      const step = plan[i];
      if (step === undefined) continue;
      const value = given[step.name];
      const safe = step.mend(value, step.name, losses);
      if (safe !== value) {
        copy ??= { ...given };
        copy[step.name] = safe;
      }
    }
    const raw = jsonOf(record.raw, 'raw', losses);
    const id = storable(record.id);
    if (raw !== record.raw || id !== record.id) copy = { ...given, ...copy, raw, id };
    // Every column was just made to be of its type.
    return copy === null ? record : (copy as unknown as Records[K]);
  };
};

/** False for what cannot be a key: no text, or too much of it. */
export const isUsableId = (id: unknown): id is string => typeof id === 'string' && id !== '' && id.length <= longestId;

type Mend = (value: unknown, column: string, losses: Losses) => unknown;

const lose = (losses: Losses, column: string) => void losses.set(column, (losses.get(column) ?? 0) + 1);

const textOf: Mend = (value, column, losses) => {
  if (value === null) return null;
  if (typeof value !== 'string') return null;
  if (value.length <= longestText) return safeText(value);
  lose(losses, column);
  return safeText(clip(value, longestText));
};

const listOf: Mend = (value, column, losses) => {
  if (!Array.isArray(value)) return [];
  const list: readonly unknown[] = value;
  let copy: string[] | null = null;
  const end = Math.min(list.length, longestList);
  for (let i = 0; i < end; i++) {
    const item = list[i];
    const safe = textOf(item, column, losses);
    const isKept = typeof safe === 'string';
    if (copy === null && (!isKept || safe !== item)) copy = (list as readonly string[]).slice(0, i);
    if (copy !== null && isKept) copy.push(safe);
  }
  if (end === list.length) return copy ?? list;
  lose(losses, column);
  return copy ?? list.slice(0, end);
};

const jsonOf = (value: unknown, column: string, losses: Losses): Json => {
  const safe = value === undefined ? null : safeJson(value);
  if (safe !== value && typeof safe === 'object' && safe !== null && 'truncated' in safe) lose(losses, column);
  return safe;
};

const oneOf =
  (values: ReadonlySet<string>): Mend =>
  (value) =>
    typeof value === 'string' && values.has(value) ? value : null;

/** PostgreSQL and JavaScript both hold the years 1 to 9999; anything else is a mistake of the vendor. */
const timeOf: Mend = (value) => {
  if (!(value instanceof Date)) return null;
  const ms = value.getTime();
  return ms >= -62_135_596_800_000 && ms <= 253_402_300_799_999 ? value : null;
};

const menders: Readonly<Record<Column['type'], Mend>> = {
  text: textOf,
  list: listOf,
  time: timeOf,
  flag: (value) => (typeof value === 'boolean' ? value : null),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null),
  json: jsonOf,
};
