import type { Database } from '@gatehouse/database';
import { type ByProgram, Problem, problems, type Request } from '@gatehouse/server';
import { z } from 'zod';
import { type Account, findByToken, type Permission } from '../accounts/index.ts';
import { Key } from '../api/words.ts';

/** Each address is asked by few programs, and often. */
export const config = { access: 'program', rateLimit: { max: 12_000, timeWindow: 60_000 } } as const;
export const tags = ['desk API'];
export const params = z.object({ key: Key });

/** The account whose token a request holds, found before its body is read. */
const callers = new WeakMap<Request, Account>();

const refusal = () =>
  new Problem(
    401,
    'unknown-token',
    'The token opens nothing',
    'Send the token of an account of this desk: Authorization: Bearer ghd_…',
  );

/** Lets a request in whose account has the permission. Looked up at every request: what is taken away is gone at once. */
export const admit =
  (database: Database, permission: Permission | null) =>
  async (request: Request): Promise<void> => {
    const token = /^Bearer +(ghd_[A-Za-z0-9_-]{20,200})$/i.exec(request.headers.authorization ?? '')?.[1];
    const account = token === undefined ? null : await database.system((tx) => findByToken(tx, token));
    if (account === null) throw refusal();
    if (permission !== null && !account.permissions.includes(permission))
      throw problems.forbidden(`The account needs the permission ${permission}.`);
    callers.set(request, account);
  };

export const accountOf = (request: Request): Account => {
  const account = callers.get(request);
  if (account === undefined) throw refusal();
  return account;
};

/** The author of what a program does. */
export const byOf = (request: Request): ByProgram => {
  const { id, login } = accountOf(request);
  return { principal: { kind: 'program', id, name: login }, correlationId: request.id };
};
