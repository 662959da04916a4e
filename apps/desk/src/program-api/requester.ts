import type { Sql } from '@gatehouse/database';
import { audit } from '@gatehouse/server';
import { z } from 'zod';
import type { By } from '../cases/index.ts';
import { findByLoginOrEmail, insertCustomer } from '../people/index.ts';

const Email = z.email().max(300);

/**
 * Who asks, by an address: the one who has it, or a customer of whom nothing else is known. Null where it is none, or
 * where several have it: nobody can say which of them it is.
 */
export const requesterOf = async (tx: Sql, by: By, email: string | null): Promise<string | null> => {
  const { success, data } = Email.safeParse(email?.trim());
  if (!success) return null;
  const [one, ...others] = await findByLoginOrEmail(tx, { email: data });
  if (one !== undefined) return others.length === 0 ? one.id : null;
  const login = data.toLowerCase();
  const id = await insertCustomer(tx, { login, name: data, email: data });
  if (id !== null) await audit(tx, by, { action: 'person.create', target: login, change: { role: 'customer' } });
  return id;
};
