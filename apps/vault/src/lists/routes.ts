import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ListChange, ListDelegation, ListDelegationInput, ListInput, SharedList } from '../api/lists.ts';
import { ListQuery, list, SearchQuery } from '../api/words.ts';
import { change } from '../change.ts';
import { findIdentity } from '../identities/index.ts';
import { toMutable } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import { stillUsed } from '../problems.ts';
import { serveEntries } from './entry-routes.ts';
import { getList, listsWithin, reachOf } from './reach.ts';
import {
  deleteList,
  listDelegationsOf,
  listEntriesOf,
  listLists,
  putList,
  type SharedList as Row,
  setListDelegation,
} from './store.ts';

const signedIn = { access: 'signed-in' } as const;
const config = { access: 'system-administrator' } as const;
const tags = ['shared lists'];
const params = z.object({ listId: z.uuid() });
const OneDelegation = z.object({ listId: z.uuid(), identityId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

export const serveLists = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/lists',
    {
      config: signedIn,
      schema: {
        ...{ summary: 'Shared credential lists that you may use, by name', tags, querystring: SearchQuery },
        response: { 200: list(SharedList) },
      },
    },
    async ({ principal, query }) => {
      const reach = await reachOf(parts, principal);
      const page = await database.system(async (tx) => listLists(tx, await listsWithin(tx, reach), query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/lists',
    { config, schema: { summary: 'Add a shared list', tags, body: ListInput, response: { 201: SharedList } } },
    async (request, reply) => {
      const at = clock.now();
      const made = { ...request.body, listId: newId<string>(at.getTime()), createdAt: at, entries: 0, mayEdit: true };
      await change(parts, request, async (tx, note) => {
        await putList(tx, made);
        note({ ...changed, target: made.name, message: `added the shared list ${made.name}` });
      });
      reply.code(201);
      return toJson(made);
    },
  );
  app.get(
    '/api/lists/:listId',
    { config: signedIn, schema: { summary: 'A shared list', tags, params, response: { 200: SharedList } } },
    async ({ principal, params: { listId } }) => {
      const reach = await reachOf(parts, principal);
      return toJson(await database.system((tx) => getList(tx, reach, listId)));
    },
  );
  app.patch(
    '/api/lists/:listId',
    {
      config,
      schema: { summary: 'Change a shared list', tags, params, body: ListChange, response: { 200: SharedList } },
    },
    async (request) =>
      change(parts, request, async (tx, note) => {
        const before = await getList(tx, 'all', request.params.listId);
        const { name = before.name, comment = before.comment } = request.body;
        await putList(tx, { ...before, name, comment });
        note({ ...changed, target: name, message: `changed the shared list ${before.name}`, arguments: { name } });
        return toJson({ ...before, name, comment });
      }),
  );
  app.delete(
    '/api/lists/:listId',
    { config, schema: { summary: 'Delete an empty shared list', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { listId } = request.params;
      await change(parts, request, async (tx, note) => {
        const { name } = await getList(tx, 'all', listId);
        const { items, total } = await listEntriesOf(tx, listId, { limit: 10 });
        const uses = items.map(({ systemName, accountName }) => `its entry ${accountName} (${systemName})`);
        if (uses.length > 0) throw stillUsed(`The list ${name}`, uses, total.value);
        await deleteList(tx, listId);
        note({ ...changed, target: name, message: `deleted the shared list ${name}` });
      });
      return reply.code(204).send();
    },
  );
  serveEntries(app, parts);
  serveDelegations(app, parts);
};

const serveDelegations = (app: App, parts: VaultParts): void => {
  app.get(
    '/api/lists/:listId/delegations',
    {
      config,
      schema: {
        ...{ summary: 'Who may use a shared list', tags, params, querystring: ListQuery },
        response: { 200: list(ListDelegation) },
      },
    },
    async ({ params: { listId }, query }) =>
      parts.database.system(async (tx) => {
        await getList(tx, 'all', listId);
        return toMutable(await listDelegationsOf(tx, listId, query));
      }),
  );
  app.put(
    '/api/lists/:listId/delegations/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Let an identity use a shared list', tags, params: OneDelegation, body: ListDelegationInput },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { body } = request;
      await change(parts, request, async (tx, note) => {
        const { listId, identityId } = request.params;
        const [{ name }, identity] = [await getList(tx, 'all', listId), await findIdentity(tx, identityId)];
        if (identity === null) throw problems.notFound();
        if (!(await setListDelegation(tx, listId, identityId, body))) return;
        const message = `let ${identity.name} use the shared list ${name}${body.mayEdit ? ' and change it' : ''}`;
        note({ event: 'EVENT_ID_DELEGATION_CHANGED', target: identity.name, message });
      });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/lists/:listId/delegations/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Let an identity use a shared list no more', tags, params: OneDelegation },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const { listId, identityId } = request.params;
        const [{ name }, identity] = [await getList(tx, 'all', listId), await findIdentity(tx, identityId)];
        if (identity === null || !(await setListDelegation(tx, listId, identityId, null))) throw problems.notFound();
        const message = `let ${identity.name} use the shared list ${name} no more`;
        note({ event: 'EVENT_ID_DELEGATION_CHANGED', target: identity.name, message });
      });
      return reply.code(204).send();
    },
  );
};

const toJson = (row: Row): z.input<typeof SharedList> => ({ ...row, createdAt: row.createdAt.toISOString() });
