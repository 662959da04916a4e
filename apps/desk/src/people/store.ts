import type { Sql } from '@gatehouse/database';
import { newId, type PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Role as RoleShape, DeskPerson as Shape } from '../api/people.ts';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';

export type Role = z.output<typeof RoleShape>;

/** Somebody whom the desk knows. */
export interface DeskPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  /** As it counts: a system administrator of the program is a manager. */
  readonly role: Role;
  readonly isSystemAdministrator: boolean;
  readonly signsIn: boolean;
  /** In the sign-in of the program; null: they have none. */
  readonly signInId: PersonId | null;
  readonly createdAt: Date;
}

export const toJson = ({ signInId: _, createdAt, ...person }: DeskPerson): z.output<typeof Shape> => ({
  ...person,
  createdAt: createdAt.toISOString(),
});

const isAdministrator = sql`coalesce(s.system_administrator, false)`;
const role = sql`case when ${isAdministrator} then 'manager' else p.role end`;
const columns = sql`p.person_id as id, p.login, p.name, p.email, ${role} as role,
  ${isAdministrator} as "isSystemAdministrator", s.id is not null and not s.disabled as "signsIn", s.id as "signInId",
  p.created_at as "createdAt"`;
const from = sql`desk_people p left join people s on s.id = p.sign_in_id`;

/** Who a case can be given to. */
const isAssignable = sql`(s.id is not null and not s.disabled and ${role} <> 'customer')`;

export interface PeopleFilter extends PageQuery {
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly assignable?: 'true' | undefined;
}

/** By name. */
export const listPeople = (tx: Sql, query: PeopleFilter): Promise<PageOf<DeskPerson>> =>
  readPage<DeskPerson>(
    tx,
    {
      ...{ columns, from, scope: ['people', query.search, query.role, query.assignable] },
      where: sql`${found(query.search, sql`p.name`, sql`p.login`, sql`p.email`)}
        and (${query.role ?? null}::text is null or ${role} = ${query.role ?? null})
        and (${query.assignable ?? null}::text is null or ${isAssignable})`,
      order: [
        { column: sql`lower(p.name)`, type: 'text' },
        { column: sql`p.person_id`, type: 'uuid' },
      ],
    },
    query,
  );

/** By id or login. */
export const findPerson = async (tx: Sql, key: string): Promise<DeskPerson | null> => {
  const { rows } = await sql<DeskPerson>`
    select ${columns} from ${from} where p.person_id::text = lower(${key}) or lower(p.login) = lower(${key})
    order by p.person_id::text = lower(${key}) desc limit 1`.execute(tx);
  return rows[0] ?? null;
};

export const mayBeAssigned = ({ signsIn, role: is }: DeskPerson): boolean => signsIn && is !== 'customer';

export const findBySignIn = async (tx: Sql, signInId: PersonId): Promise<DeskPerson | null> => {
  const { rows } = await sql<DeskPerson>`
    select ${columns} from ${from} where p.sign_in_id = ${signInId}`.execute(tx);
  return rows[0] ?? null;
};

/** Everybody with this login or this address, at most twenty. */
export const findByLoginOrEmail = async (
  tx: Sql,
  by: { readonly login?: string | undefined; readonly email?: string | undefined },
): Promise<readonly DeskPerson[]> => {
  const { rows } = await sql<DeskPerson>`
    select ${columns} from ${from}
    where lower(p.login) = lower(${by.login ?? null}::text) or p.email = lower(${by.email ?? null}::text)
    order by p.created_at, p.person_id limit 20`.execute(tx);
  return rows;
};

export interface NewPerson {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
}

/** A customer. Null: somebody else has the login. */
export const insertCustomer = async (tx: Sql, { login, name, email }: NewPerson): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    insert into desk_people (person_id, login, name, email, role)
    values (${newId()}, ${login}, ${name}, lower(${email}), 'customer') on conflict (lower(login)) do nothing
    returning person_id as id`.execute(tx);
  return rows[0]?.id ?? null;
};

export const updatePerson = async (
  tx: Sql,
  { id, login, name, email, role: is }: Pick<DeskPerson, 'id' | 'login' | 'name' | 'email' | 'role'>,
): Promise<void> => {
  await sql`update desk_people set login = ${login}, name = ${name}, email = lower(${email}), role = ${is}
    where person_id = ${id}`.execute(tx);
};

/** What a person is said to be, whatever counts: the role that stays when they are no system administrator any more. */
export const saidRole = async (tx: Sql, id: string): Promise<Role> => {
  const { rows } = await sql<{ role: Role }>`select role from desk_people where person_id = ${id}`.execute(tx);
  return rows[0]?.role ?? 'customer';
};

export const deletePerson = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from desk_people where person_id = ${id}`.execute(tx);
};

/** Whether this login is somebody else's. */
export const isTaken = async (tx: Sql, login: string, id: string | null): Promise<boolean> => {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from desk_people where lower(login) = lower(${login})
      and person_id is distinct from ${id}::uuid) as taken`.execute(tx);
  return rows[0]?.taken ?? false;
};
