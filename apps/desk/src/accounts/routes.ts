import type { Sql } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { AccountChange, AccountInput, Account as AccountShape, NewToken } from '../api/accounts.ts';
import { Key, list, SearchQuery } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { permit } from '../people/index.ts';
import { invalid } from '../problems.ts';
import {
  type Account,
  deleteAccount,
  findAccount,
  insertAccount,
  listAccounts,
  renewToken,
  updateAccount,
} from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['accounts'];
const params = z.object({ id: Key });

/** What programs come with. All of it is for managers. */
export const serveAccounts = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/accounts',
    {
      config,
      schema: {
        ...{ summary: 'Accounts of programs, by login', tags, querystring: SearchQuery },
        response: { 200: list(AccountShape) },
      },
    },
    async (request) => {
      await permit(database, request, 'manager');
      const page = await database.read((tx) => listAccounts(tx, request.query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.get(
    '/api/accounts/:id',
    { config, schema: { summary: 'An account, by id or login', tags, params, response: { 200: AccountShape } } },
    async (request) => {
      await permit(database, request, 'manager');
      return toJson(await database.read((tx) => getAccount(tx, request.params.id)));
    },
  );
  app.post(
    '/api/accounts',
    {
      config,
      schema: {
        ...{ summary: 'Add an account; its token is shown this once', tags, body: AccountInput },
        response: { 201: NewToken },
      },
    },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      const { login, permissions } = request.body;
      const answer = await database.system(async (tx) => {
        const made = await insertAccount(tx, { login, permissions: [...new Set(permissions)] });
        if (made === null) throw invalid('login', 'This is taken already.');
        await audit(tx, act, { action: 'account.create', target: login, change: { permissions } });
        return { account: toJson(await getAccount(tx, made.id)), token: made.token };
      });
      return reply.code(201).send(answer);
    },
  );
  app.patch(
    '/api/accounts/:id',
    {
      config,
      schema: {
        ...{ summary: 'Change what an account may do, or switch it off', tags, params },
        ...{ body: AccountChange, response: { 200: AccountShape } },
      },
    },
    async (request) => {
      const { act } = await permit(database, request, 'manager');
      return database.system(async (tx) => {
        const before = await getAccount(tx, request.params.id);
        const { permissions = before.permissions, enabled = before.enabled } = request.body;
        await updateAccount(tx, { id: before.id, permissions: [...new Set(permissions)], enabled });
        await audit(tx, act, { action: 'account.change', target: before.login, change: request.body });
        return toJson(await getAccount(tx, before.id));
      });
    },
  );
  app.post(
    '/api/accounts/:id/token',
    {
      config,
      schema: {
        ...{ summary: 'Make another token, shown this once; the former opens nothing', tags, params },
        response: { 200: NewToken },
      },
    },
    async (request) => {
      const { act } = await permit(database, request, 'manager');
      return database.system(async (tx) => {
        const { id, login } = await getAccount(tx, request.params.id);
        const token = await renewToken(tx, id);
        await audit(tx, act, { action: 'account.token', target: login });
        return { account: toJson(await getAccount(tx, id)), token };
      });
    },
  );
  app.delete(
    '/api/accounts/:id',
    {
      config,
      schema: { summary: 'Delete an account: its token opens nothing', tags, params, response: { 204: z.void() } },
    },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      await database.system(async (tx) => {
        const { id, login } = await getAccount(tx, request.params.id);
        await deleteAccount(tx, id);
        await audit(tx, act, { action: 'account.delete', target: login });
      });
      return reply.code(204).send();
    },
  );
};

const getAccount = async (tx: Sql, key: string): Promise<Account> => {
  const account = await findAccount(tx, key);
  if (account === null) throw problems.notFound();
  return account;
};

const toJson = (account: Account): z.output<typeof AccountShape> => ({
  ...account,
  permissions: [...account.permissions],
  tokenAt: account.tokenAt.toISOString(),
  lastUsedAt: account.lastUsedAt?.toISOString() ?? null,
  createdAt: account.createdAt.toISOString(),
});
