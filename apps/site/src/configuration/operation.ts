import type { Sql } from '@gatehouse/database';
import type { z } from 'zod';
import type { ObjectRow, Shape } from '../api/shape.ts';
import type { Author } from '../objects/index.ts';

/** What an operation is asked, after everything about it was checked. */
export interface Asked {
  /** One transaction: what is refused changes nothing. */
  readonly tx: Sql;
  readonly by: Author;
  /** Of the path, by their names there. */
  readonly ids: Readonly<Record<string, number>>;
  /** Filters that were given. */
  readonly query: ObjectRow;
  readonly body: ObjectRow;
  readonly page: { readonly limit: number; readonly offset: number };
}

/** Null: there is no such thing. `total` is that of all pages. */
export type Answered = { readonly body?: unknown; readonly total?: number } | null;

/** One operation of the Configuration API, as data: routes, checks and the description derive from it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/config/v1, with `{id}` for ids. */
  readonly path: string;
  readonly summary: string;
  /** Takes `per_page` and `current_page`. */
  readonly paged?: true;
  /** Answers an array; one that is not paged is answered whole. */
  readonly list?: true;
  readonly query?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType;
  /** The shape that the body has, for the description. */
  readonly bodyShape?: Shape;
  readonly status: 200 | 201 | 204;
  /** What one answered thing looks like: a shape, or a schema of its own. */
  readonly answers?: Shape | z.ZodType;
  run(asked: Asked): Promise<Answered>;
}
