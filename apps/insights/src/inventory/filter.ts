import { privileges } from '@gatehouse/connector-kit';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { invalid } from '../problems.ts';
import { type ListColumn, type Listing, undetermined } from './kinds.ts';

export const operators = ['eq', 'ne', 'in', 'lt', 'gt', 'null', 'notnull', 'contains'] as const;
export type Operator = (typeof operators)[number];

export interface Filter {
  readonly column: ListColumn;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const takes: Readonly<Record<ListColumn['stored'], readonly Operator[]>> = {
  text: ['eq', 'ne', 'in', 'contains', 'null', 'notnull'],
  uuid: ['eq', 'ne', 'in', 'null', 'notnull'],
  privilege: ['eq', 'ne', 'in', 'lt', 'gt', 'null', 'notnull'],
  timestamptz: ['lt', 'gt', 'null', 'notnull'],
  'double precision': ['eq', 'ne', 'in', 'lt', 'gt', 'null', 'notnull'],
  boolean: ['eq', 'ne', 'in', 'null', 'notnull'],
  'text[]': ['contains', 'null', 'notnull'],
  jsonb: ['null', 'notnull'],
};

/** Reads `column:operator:value` filters; anything that is not one is a problem that names it. `now` is what `-60d` counts from. */
export const parseFilters = (listing: Listing, written: readonly string[], now: Date): readonly Filter[] =>
  written.map((text) => parseFilter(listing, text, now));

const parseFilter = (listing: Listing, text: string, now: Date): Filter => {
  const [, name = '', operator, value] = /^([^:]*)(?::([^:]*))?(?::(.*))?$/s.exec(text) ?? [];
  const column = listing.columns.find((one) => one.name === name);
  if (!column) throw refuse(`"${name || text}" is not a column of ${listing.title.toLowerCase()}.`);
  if (operator === undefined)
    throw refuse(`Write a filter as column:operator:value, for example ${name}:${takes[column.stored][0]}:…`);
  const known = takes[column.stored].find((one) => one === operator);
  if (!known) {
    throw refuse(`"${operator}" cannot be asked of ${column.title}. It takes ${takes[column.stored].join(', ')}.`);
  }
  if (known === 'null' || known === 'notnull') return { column, operator: known, values: [] };
  if (value === undefined) throw refuse(`${column.title}: write a value after "${known}:".`);
  const values = known === 'in' ? value.split('|') : [value];
  if (values.length > 100) throw refuse(`${column.title}: at most 100 values.`);
  return { column, operator: known, values: values.map((one) => parseValue(column, known, one, now)) };
};

const parseValue = (column: ListColumn, operator: Operator, value: string, now: Date): string => {
  if (value.includes('\u0000')) throw refuse(`${column.title}: the value holds a character that no text has.`);
  if (column.values && operator !== 'contains' && !column.values.includes(value)) {
    throw refuse(`${column.title} is one of ${column.values.join(', ')}.`);
  }
  switch (column.stored) {
    case 'uuid':
      if (!z.uuid().safeParse(value).success) throw refuse(`${column.title}: "${value}" is not an id.`);
      return value;
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw refuse(`${column.title} is true or false.`);
      return value;
    case 'double precision':
      if (!/^-?\d{1,15}(\.\d{1,9})?$/.test(value)) throw refuse(`${column.title}: "${value}" is not a number.`);
      return value;
    case 'timestamptz':
      return parseTime(column, value, now);
    default:
      return value;
  }
};

/** A time (`2026-01-31T08:00:00Z`), a day (`2026-01-31`, its start in UTC) or days ago (`-60d`). */
const parseTime = (column: ListColumn, value: string, now: Date): string => {
  const ago = /^-(\d{1,5})d$/.exec(value);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * 86_400_000).toISOString();
  const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).safeParse(value);
  if (!time.success)
    throw refuse(`${column.title}: "${value}" is not a time. Write 2026-01-31, a full ISO time or -60d.`);
  return new Date(time.data).toISOString();
};

const refuse = (message: string) => invalid('filter', message);

/**
 * The condition in SQL. `ne` keeps rows whose value is unknown, because unknown is not known to be that value;
 * every other operator leaves them out.
 */
export const toCondition = ({ column, operator, values }: Filter): RawBuilder<boolean> => {
  const at = sql.raw(column.at);
  if (column.name === 'gone') return isGone(operator, values);
  if (operator === 'null' || operator === 'notnull') {
    const isNull =
      column.stored === 'text[]'
        ? sql<boolean>`cardinality(${at}) = 0`
        : column.stored === 'jsonb'
          ? sql<boolean>`(${at} is null or ${at} = 'null'::jsonb)`
          : sql<boolean>`${at} is null`;
    return operator === 'null' ? isNull : sql<boolean>`not (${isNull})`;
  }
  const [first = ''] = values;
  if (column.stored === 'text[]') return sql<boolean>`${at} @> array[${first}]::text[]`;
  if (operator === 'contains') return sql<boolean>`${at} ilike ${toPattern(first)}`;
  if (column.stored === 'privilege') return comparePrivilege(at, operator, values);
  const type = sql.raw(column.stored);
  switch (operator) {
    case 'eq':
    case 'in':
      return column.stored === 'text' && column.values === null
        ? isOneOfTexts(column, values)
        : sql<boolean>`${at} = any(${[...values]}::text[]::${type}[])`;
    case 'ne':
      return sql<boolean>`${at} is distinct from ${first}::text::${type}`;
    case 'lt':
      return sql<boolean>`${at} < ${first}::text::${type}`;
    case 'gt':
      return sql<boolean>`${at} > ${first}::text::${type}`;
  }
};

/** The pattern of `ilike` for a part of a text, in which nothing stands for something else. */
export const toPattern = (part: string) => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

/** Indexes of texts hold the sort key, so the key is compared first, and the text itself decides. */
const isOneOfTexts = ({ at, sortAt }: ListColumn, values: readonly string[]): RawBuilder<boolean> => {
  const keys = sql.join(values.map((value) => sql`left(lower(${value}::text), 200)`));
  return sql<boolean>`(${sql.raw(sortAt)} in (${keys}) and ${sql.raw(at)} = any(${[...values]}::text[]))`;
};

/** As the partial indexes have it. Nobody can be neither here nor gone. */
const isGone = (operator: Operator, values: readonly string[]): RawBuilder<boolean> => {
  const asked = operator === 'ne' ? values.map((value) => String(value !== 'true')) : values;
  if (operator === 'notnull' || (asked.includes('true') && asked.includes('false'))) return sql<boolean>`true`;
  if (operator === 'null') return sql<boolean>`false`;
  return asked.includes('true') ? sql<boolean>`r.gone_at is not null` : sql<boolean>`r.gone_at is null`;
};

/** `undetermined` is stored as null, and is neither above nor below anything. */
const comparePrivilege = (
  at: RawBuilder<unknown>,
  operator: Operator,
  values: readonly string[],
): RawBuilder<boolean> => {
  const scale: readonly string[] = privileges;
  const levels = values.filter((word) => word !== undetermined).map((word) => scale.indexOf(word));
  const level = levels[0] ?? null;
  if (operator === 'lt') return sql<boolean>`${at} < ${level}::smallint`;
  if (operator === 'gt') return sql<boolean>`${at} > ${level}::smallint`;
  if (operator === 'ne') return sql<boolean>`${at} is distinct from ${level}::smallint`;
  const known = sql<boolean>`${at} = any(${levels}::smallint[])`;
  return levels.length === values.length ? known : sql<boolean>`(${known} or ${at} is null)`;
};
