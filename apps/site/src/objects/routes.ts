import type { Database } from '@gatehouse/database';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { answerOf, changeOf, newOf, type ObjectRow, present } from '../api/shape.ts';
import { ListQuery, listOf } from '../api/site.ts';
import { changeObject, createObject, Refusal, removeObject } from './change.ts';
import type { Kind, Place } from './kind.ts';
import { countObjects, findObject, keyOf, listObjects } from './store.ts';

const config = { access: 'system-administrator' } as const;
const Key = z.coerce.number().int().min(1).max(2_147_483_647);

export interface ObjectRoutes {
  readonly kind: Kind;
  /** `/api/jump-groups`, or `/api/jump-groups/:parentId/users` for what belongs to another object. */
  readonly path: string;
  /** May only be looked at. */
  readonly readOnly?: true;
  /** New ones come in another way. */
  readonly isAddedElsewhere?: true;
  /** They stay as they were made. */
  readonly isNeverChanged?: true;
}

/** The objects of the site for its pages and the command line, with the fields that the Configuration API has. */
export const serveObjects = (app: App, database: Database, routes: ObjectRoutes): void => {
  const { kind, path, readOnly } = routes;
  const { shape } = kind;
  const tags = [shape.many.toLowerCase()];
  const placed = kind.parent !== undefined;
  const InParent = placed ? z.object({ parentId: Key }) : z.object({});
  const OneOf = InParent.extend({ id: Key });
  const Answer = answerOf(shape);
  const placeOf = (params: unknown): Place => ({ kind, ...(placed && { parentId: parentOf(params) }) });
  const one = shape.one.toLowerCase();
  const { narrows = [] } = kind;
  // More names than the compiler knows of: those that this kind is narrowed by.
  const Query = ListQuery.extend(
    Object.fromEntries(narrows.map((name) => [name, Key.optional()])),
  ) as unknown as typeof ListQuery;

  app.get(
    path,
    {
      config,
      schema: {
        ...{ summary: `${shape.many} of the site`, tags, params: InParent, querystring: Query },
        response: { 200: listOf(Answer) },
      },
    },
    async ({ params, query }) => {
      const place = placeOf(params);
      return await database.system(async (tx) => {
        if (kind.parent && (await findObject(tx, { kind: kind.parent.kind }, place.parentId ?? 0)) === null)
          throw problems.notFound();
        // Names of the kind, parsed by the schema of the route.
        const asked = Object.entries(query).filter(([name, value]) => narrows.includes(name) && value !== undefined);
        const wanted = { search: query.search, equal: Object.fromEntries(asked) };
        const narrowed = { ...wanted, ...(query.cursor !== undefined && { after: Number(query.cursor) }) };
        const rows = await listObjects(tx, place, narrowed, { limit: query.limit + 1 });
        const items = rows.slice(0, query.limit);
        const last = items.at(-1);
        const value = await countObjects(tx, place, wanted);
        return {
          items: items.map((row) => present(shape, row)),
          next: rows.length > query.limit && last ? String(last[keyOf(place)]) : null,
          total: { value, exact: true },
        };
      });
    },
  );
  app.get(
    `${path}/:id`,
    { config, schema: { summary: `One ${one}`, tags, params: OneOf, response: { 200: Answer } } },
    async ({ params }) => {
      const row = await database.system((tx) => findObject(tx, placeOf(params), idOf(params)));
      if (row === null) throw problems.notFound();
      return present(shape, row);
    },
  );
  if (readOnly) return;

  if (!routes.isAddedElsewhere)
    app.post(
      path,
      {
        config,
        schema: {
          ...{ summary: `Add a ${one}`, tags, params: InParent, body: newOf(shape) },
          response: { 201: Answer },
        },
      },
      async ({ act, params, body }, reply) => {
        const place = placeOf(params);
        const row = await inWords(() =>
          database.system(async (tx) => {
            if (kind.parent && (await findObject(tx, { kind: kind.parent.kind }, place.parentId ?? 0)) === null)
              throw problems.notFound();
            return await createObject(tx, act, place, body as ObjectRow);
          }),
        );
        reply.code(201);
        return present(shape, row);
      },
    );
  if (!routes.isNeverChanged)
    app.patch(
      `${path}/:id`,
      {
        config: { ...config, endsAccess: true },
        schema: {
          ...{ summary: `Change a ${one}`, tags, params: OneOf, body: changeOf(shape) },
          response: { 200: Answer },
        },
      },
      async ({ act, params, body }) => {
        const row = await inWords(() =>
          database.system((tx) => changeObject(tx, act, placeOf(params), idOf(params), body as ObjectRow)),
        );
        if (row === null) throw problems.notFound();
        return present(shape, row);
      },
    );
  app.delete(
    `${path}/:id`,
    {
      config: { ...config, endsAccess: true },
      schema: { summary: `Delete a ${one}`, tags, params: OneOf, response: { 204: z.void() } },
    },
    async ({ act, params }, reply) => {
      const done = await inWords(() => database.system((tx) => removeObject(tx, act, placeOf(params), idOf(params))));
      if (!done) throw problems.notFound();
      return reply.code(204).send();
    },
  );
};

// Both were parsed by the schema of the route.
const parentOf = (params: unknown): number => (params as { parentId: number }).parentId;
const idOf = (params: unknown): number => (params as { id: number }).id;

/** A refusal as a problem: with fields where it names some, else a conflict. */
export const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw error.errors.length > 0 ? problems.invalid(error.errors) : problems.conflict(error.message);
  }
};
