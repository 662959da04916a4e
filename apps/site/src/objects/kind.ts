import type { Sql } from '@gatehouse/database';
import type { Act, ByProgram, FieldError } from '@gatehouse/server';
import type { ObjectRow, Shape } from '../api/shape.ts';

/** Who changes an object: a person, the operator of this machine, or an API account. */
export type Author = Act | ByProgram;

/** How objects of one shape are kept. The shape's fields are the columns, where nothing else is said. */
export interface Kind {
  readonly shape: Shape;
  /** In the audit: `jump-group.create`. */
  readonly noun: string;
  /** Table or view that answers come from. */
  readonly reads: string;
  /** Table that is written; left out: it is only read, or `insert`, `update` and `remove` write. */
  readonly writes?: string;
  /** The column that tells one from another, within its parent. Default: `id`. */
  readonly key?: string;
  /** The column with the id of the object it belongs to, and how that is kept. */
  readonly parent?: { readonly column: string; readonly kind: Kind };
  /** Columns that a search looks into. */
  readonly search: readonly string[];
  /** Columns with ids of others, by which a list is narrowed. */
  readonly narrows?: readonly string[];
  /** As many as one parent may have, where its list is answered whole. */
  readonly atMost?: number;
  /** What is filled in before a new one is stored. */
  complete?(tx: Sql, given: ObjectRow): Promise<ObjectRow>;
  /** Columns of a new row that no field of the shape has. */
  extra?(): ObjectRow;
  /** What no single field can say; `before` is null for a new one. */
  check?(tx: Sql, next: ObjectRow, before: ObjectRow | null): Promise<readonly FieldError[]>;
  /** Instead of one `insert`; answers with the key. */
  insert?(tx: Sql, values: ObjectRow): Promise<number>;
  /** Instead of one `update`; `given` holds what was sent. */
  update?(tx: Sql, before: ObjectRow, given: ObjectRow): Promise<void>;
  /** Instead of one `delete`. */
  remove?(tx: Sql, before: ObjectRow): Promise<void>;
}

/** One kind, of one parent where it has one. */
export interface Place {
  readonly kind: Kind;
  readonly parentId?: number;
}
