import type { z } from 'zod';
import { changeOf, newOf, type ObjectRow, present } from '../api/shape.ts';
import {
  changeObject,
  countObjects,
  createObject,
  findObject,
  type Kind,
  listObjects,
  type Place,
  removeObject,
} from '../objects/index.ts';
import type { Asked, Operation } from './operation.ts';

/** Where the objects of one kind are found, and by which parts of the path. */
export interface At {
  readonly kind: Kind;
  /** `/jump-group`, or `/jump-group/{id}/user` for what belongs to another object. */
  readonly path: string;
  /** The part of the path that names one. Default: `id`. */
  readonly one?: string;
}

const placeOf = ({ kind }: At, { ids }: Asked): Place => ({
  kind,
  ...(kind.parent && { parentId: ids.id ?? 0 }),
});

/** What belongs to another object is missing when that one is. */
const isThere = async (at: At, asked: Asked): Promise<boolean> =>
  at.kind.parent === undefined ||
  (await findObject(asked.tx, { kind: at.kind.parent.kind }, asked.ids.id ?? 0)) !== null;

/** All that match every filter: texts exactly and without regard to case. */
export const listing = (at: At, query: Readonly<Record<string, z.ZodType>> = {}): Operation => ({
  ...{ method: 'GET', path: at.path, summary: `${at.kind.shape.many}.`, paged: true, list: true, query, status: 200 },
  answers: at.kind.shape,
  run: async (asked) => {
    if (!(await isThere(at, asked))) return null;
    const place = placeOf(at, asked);
    const rows = await listObjects(asked.tx, place, { equal: asked.query }, asked.page);
    return {
      body: rows.map((row) => present(at.kind.shape, row)),
      total: await countObjects(asked.tx, place, { equal: asked.query }),
    };
  },
});

export const adding = (at: At, more: { readonly withoutBody?: true } = {}): Operation => ({
  ...{ method: 'POST', path: at.path, summary: `Adds a ${at.kind.shape.one}.`, status: 201 },
  ...{ body: newOf(at.kind.shape), bodyShape: at.kind.shape },
  ...(more.withoutBody ? {} : { answers: at.kind.shape }),
  run: async (asked) => {
    if (!(await isThere(at, asked))) return null;
    const row = await createObject(asked.tx, asked.by, placeOf(at, asked), asked.body);
    return more.withoutBody ? {} : { body: present(at.kind.shape, row) };
  },
});

/** One, by the last id of the path. */
const oneOf = (at: At, { ids }: Asked): number => ids[at.one ?? 'id'] ?? 0;
const onePath = (at: At) => `${at.path}/{${at.one ?? 'id'}}`;
const answered = (at: At, row: ObjectRow | null) => (row === null ? null : { body: present(at.kind.shape, row) });

export const showing = (at: At): Operation => ({
  ...{ method: 'GET', path: onePath(at), summary: `One ${at.kind.shape.one}.`, status: 200, answers: at.kind.shape },
  run: async (asked) => answered(at, await findObject(asked.tx, placeOf(at, asked), oneOf(at, asked))),
});

export const changing = (at: At): Operation => ({
  ...{ method: 'PATCH', path: onePath(at), summary: `Changes a ${at.kind.shape.one}.`, status: 200 },
  ...{ body: changeOf(at.kind.shape), bodyShape: at.kind.shape, answers: at.kind.shape },
  run: async (asked) =>
    answered(at, await changeObject(asked.tx, asked.by, placeOf(at, asked), oneOf(at, asked), asked.body)),
});

export const removing = (at: At): Operation => ({
  ...{ method: 'DELETE', path: onePath(at), summary: `Deletes a ${at.kind.shape.one}.`, status: 204 },
  run: async (asked) => ((await removeObject(asked.tx, asked.by, placeOf(at, asked), oneOf(at, asked))) ? {} : null),
});
