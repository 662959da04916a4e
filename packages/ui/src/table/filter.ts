import { wordsOf } from '../format.ts';
import type { TableColumn } from './column.ts';

export const operators = ['eq', 'ne', 'in', 'lt', 'gt', 'null', 'notnull', 'contains'] as const;
export type Operator = (typeof operators)[number];

export interface Filter {
  readonly column: string;
  readonly operator: Operator;
  /** Empty for `null` and `notnull`; joined by `|` for `in`. */
  readonly value: string;
}

/** `status:eq:enabled` → its parts; null when it is none. The value may hold colons. */
export const parseFilter = (text: string): Filter | null => {
  const [column = '', operator = '', ...rest] = text.split(':');
  const known = operators.find((one) => one === operator);
  return column === '' || known === undefined ? null : { column, operator: known, value: rest.join(':') };
};

export const printFilter = ({ column, operator, value }: Filter) => `${column}:${operator}:${value}`;

/** The operators a column offers, with the words of the builder. */
export const operatorsOf = ({
  type,
  values,
}: Pick<TableColumn<never>, 'type' | 'values'>): readonly { value: Operator; label: string }[] => {
  const presence = [
    { value: 'notnull', label: 'is known' },
    { value: 'null', label: 'is not known' },
  ] as const;
  if (values) return [{ value: 'in', label: 'is any of' }, { value: 'ne', label: 'is not' }, ...presence];
  switch (type) {
    case 'time':
      return [{ value: 'lt', label: 'before' }, { value: 'gt', label: 'after' }, ...presence];
    case 'number':
      return [
        { value: 'eq', label: 'equals' },
        { value: 'gt', label: 'is more than' },
        { value: 'lt', label: 'is less than' },
        ...presence,
      ];
    case 'flag':
      return [{ value: 'eq', label: 'is' }, ...presence];
    case 'list':
      return [{ value: 'contains', label: 'contains' }];
    case 'json':
      return presence;
    default:
      return [
        { value: 'contains', label: 'contains' },
        { value: 'eq', label: 'is exactly' },
        { value: 'ne', label: 'is not' },
        ...presence,
      ];
  }
};

/** "Status is enabled or locked": what a chip says. */
export const filterWords = (
  filter: Filter,
  column: Pick<TableColumn<never>, 'title' | 'type' | 'values' | 'label'> | undefined,
): string => {
  const title = column?.title ?? wordsOf(filter.column);
  const known = column?.label ?? (column?.values ? wordsOf : (value: string) => value);
  switch (filter.operator) {
    case 'null':
      return `${title} is not known`;
    case 'notnull':
      return `${title} is known`;
    case 'in':
      return `${title}: ${filter.value.split('|').map(known).join(' or ')}`;
    case 'eq':
      return column?.type === 'flag'
        ? `${title}: ${filter.value === 'true' ? 'yes' : 'no'}`
        : `${title}: ${known(filter.value)}`;
    case 'ne':
      return `${title} is not ${known(filter.value)}`;
    case 'contains':
      return `${title} contains “${filter.value}”`;
    case 'lt':
      return column?.type === 'time' ? `${title} before ${dayOf(filter.value)}` : `${title} < ${filter.value}`;
    case 'gt':
      return column?.type === 'time' ? `${title} after ${dayOf(filter.value)}` : `${title} > ${filter.value}`;
  }
};

/** A day, or "60 days ago" for `-60d`, which stays true tomorrow. */
const dayOf = (iso: string) => {
  const days = /^-(\d+)d$/.exec(iso)?.[1];
  if (days !== undefined) return `${days} days ago`;
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toLocaleDateString(undefined, { dateStyle: 'medium' });
};
