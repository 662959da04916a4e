import type { Sql } from '@gatehouse/database';
import type { z } from 'zod';
import type { ObjectRow, Shape } from '../api/shape.ts';
import type { Author } from '../objects/index.ts';

/** What an operation is asked, after everything about it was checked. */
export interface Asked {
  /** One transaction: what is refused changes nothing. */
  readonly tx: Sql;
  readonly by: Author;
  readonly now: Date;
  /** The API account that asks. */
  readonly accountId: number;
  /** Ids of the path, by their names there. */
  readonly ids: Readonly<Record<string, number>>;
  /** Of the path, too: what has 32 hexadecimal digits. */
  readonly names: Readonly<Record<string, string>>;
  /** Filters that were given. */
  readonly query: ObjectRow;
  readonly body: ObjectRow;
  readonly page: { readonly limit: number; readonly offset: number };
}

/** Null: there is no such thing. `total` is that of all pages. */
export type Answered = { readonly body?: unknown; readonly total?: number } | null;

/** One operation of an API of programs, as data: routes, checks and the description derive from it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base of the API, with `{id}` for ids. */
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
  /** Of the Command API: what it takes. */
  readonly needs?: 'read_only' | 'full_access';
  readonly status: 200 | 201 | 204;
  /** What one answered thing looks like: a shape, or a schema of its own. */
  readonly answers?: Shape | z.ZodType;
  run(asked: Asked): Promise<Answered>;
}
