import { type Column, type RecordKind, records } from '@gatehouse/connector-kit';

/** A column of a record and of its table. */
export interface RecordColumn {
  /** As in the record: `displayName`. */
  readonly name: string;
  /** As in the table: `display_name`. */
  readonly field: string;
  readonly type: Column['type'];
  /** Says when somebody was last active: kept up to date, but not worth a line of history. */
  readonly isActivity: boolean;
}

export const recordColumns = (kind: RecordKind): readonly RecordColumn[] =>
  Object.entries<Column>(records[kind]).map(([name, { type }]) => ({
    name,
    field: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    type,
    isActivity: /^last[A-Z]/.test(name),
  }));
