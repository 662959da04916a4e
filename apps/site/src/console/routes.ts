import type { Sql } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import {
  ConsoleItemDetail,
  ConsoleItems,
  ConsoleItemsQuery,
  CredentialList,
  FavouriteInput,
  ItemId,
} from '../api/console.ts';
import type { JumpItemId } from '../ecm/index.ts';
import { findReach, listReach, type Reach, saveFavourite } from '../reach/index.ts';
import { findItemTerms, findPlace, type SessionParts } from '../sessions/index.ts';
import { requireUser } from '../users/index.ts';
import { findLastCredential, findUses, type Use } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['console'];

export const serveConsole = (app: App, { database, clock, door }: SessionParts): void => {
  app.get(
    '/api/console/items',
    {
      config,
      schema: {
        ...{ summary: 'The endpoints that you may see', tags, querystring: ConsoleItemsQuery },
        response: { 200: ConsoleItems },
      },
    },
    async (request) => {
      const { cursor = '0', limit, search, favourites } = request.query;
      const user = await database.system((tx) => requireUser(tx, request));
      const offset = Number(cursor);
      const wanted = { search, favourites: favourites ? ('alone' as const) : ('first' as const) };
      return database.system(async (tx) => {
        const found = await listReach(tx, user.id, clock.now(), { ...wanted, limit: limit + 1, offset });
        const shown = found.slice(0, limit);
        const uses = await findUses(tx, user.id, shown.map(toId));
        const isLast = found.length <= limit;
        return {
          items: shown.map((reach) => toItem(reach, uses)),
          next: isLast ? null : String(offset + limit),
          // What comes after this page is not counted: it takes as long as to list it.
          total: { value: offset + found.length, exact: isLast },
        };
      });
    },
  );

  app.put(
    '/api/console/favourites/:type/:id',
    { config, schema: { summary: 'Mark an endpoint, or not', tags, params: ItemId, body: FavouriteInput } },
    async (request, reply) => {
      const user = await database.system((tx) => requireUser(tx, request));
      await database.system(async (tx) => {
        await seen(tx, user.id, request.params);
        await saveFavourite(tx, user.id, request.params, request.body.isFavourite);
      });
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/console/items/:type/:id',
    {
      config,
      schema: {
        ...{ summary: 'One endpoint, and what a session with it takes', tags, params: ItemId },
        response: { 200: ConsoleItemDetail },
      },
    },
    async (request) => {
      const user = await database.system((tx) => requireUser(tx, request));
      return database.system(async (tx) => {
        const reach = await seen(tx, user.id, request.params);
        const place = await findPlace(tx, request.params);
        if (place === null) throw problems.notFound();
        const uses = await findUses(tx, user.id, [toId(reach)]);
        const { conditions, others } = await findItemTerms(tx, reach, user.id, clock.now());
        return { ...toItem(reach, uses), conditions, others, suggestedUsername: place.username };
      });
    },
  );

  app.get(
    '/api/console/items/:type/:id/credentials',
    {
      config,
      schema: {
        ...{ summary: 'The credentials of a vault that you may use there', tags, params: ItemId },
        response: { 200: CredentialList },
      },
    },
    async (request) => {
      const { principal } = request;
      const user = await database.system(async (tx) => {
        const user = await requireUser(tx, request);
        await seen(tx, user.id, request.params);
        return user;
      });
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      const { credentials, truncated } = await door
        .listCredentials({
          ...{ principal, userId: user.id, jumpItem: request.params, correlationId: request.id, signal: gone.signal },
        })
        .catch((error: unknown) => {
          // What came was no answer of a vault: that is none of our own failures, and there are words for it.
          const isStrange = error instanceof Fault && error.kind === 'unexpected';
          throw isStrange ? problems.unavailable(error.advice, error) : error;
        });
      const last = await database.system((tx) => findLastCredential(tx, user.id, request.params));
      const best = credentials.find(({ credential }) => credential === last) ?? credentials.find(isEasy);
      const shown = credentials.map(({ credential, ...listing }) => ({
        ...{ id: credential, ...listing, isRecommended: credential === best?.credential },
      }));
      return { credentials: shown.toSorted((a, b) => rank(a) - rank(b)), truncated };
    },
  );

  const seen = async (tx: Sql, userId: number, item: JumpItemId): Promise<Reach> => {
    const reach = await findReach(tx, userId, item, clock.now());
    if (reach === null) throw problems.notFound();
    return reach;
  };
};

const isEasy = ({ needsApproval }: { readonly needsApproval: boolean }) => !needsApproval;
const rank = (one: { readonly isRecommended: boolean; readonly needsApproval: boolean }) =>
  one.isRecommended ? 0 : one.needsApproval ? 2 : 1;

const toId = ({ type, id }: Reach): JumpItemId => ({ type, id });

const toItem = (reach: Reach, uses: ReadonlyMap<string, Use>) => {
  const { ecmGroupId: _group, jumpPolicyId: _policy, sessionPolicyId: _rules, ...item } = reach;
  const use = uses.get(`${reach.type} ${reach.id}`);
  return { ...item, lastUsedAt: use?.lastUsedAt?.toISOString() ?? null, live: use?.live ?? 0 };
};
