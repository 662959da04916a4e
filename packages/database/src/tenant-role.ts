import { sql } from 'kysely';
import type { Sql } from './database.ts';
import { sqlState } from './pg-fault.ts';
import { StartFault } from './start-fault.ts';

/** The role that every transaction of a tenant takes. It owns nothing, so row-level security holds for it. */
export const tenantRole = 'gatehouse_tenant';

/** Creates the role where it is missing and lets the login role take it. Other programs may do the same at once. */
export const ensureTenantRole = async (owner: Sql, address: string): Promise<void> => {
  try {
    await tolerant(() =>
      sql`do $$ begin
        if not exists (select from pg_roles where rolname = 'gatehouse_tenant') then
          create role gatehouse_tenant nologin noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
        end if;
      end $$`.execute(owner),
    );
    const found = await sql<{ fenced: boolean; mayTake: boolean }>`
      select not rolsuper and not rolbypassrls as fenced,
        pg_has_role(current_user, oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as "mayTake"
      from pg_roles where rolname = 'gatehouse_tenant'`.execute(owner);
    const role = found.rows[0];
    if (role && !role.fenced) {
      throw new StartFault(
        `The role ${tenantRole} on ${address} may pass row-level security. Take that right away: alter role ${tenantRole} nosuperuser nobypassrls.`,
        '--database-url',
      );
    }
    if (!role?.mayTake) await tolerant(() => sql`grant gatehouse_tenant to current_user`.execute(owner));
  } catch (error) {
    if (error instanceof StartFault) throw error;
    if (sqlState(error) !== '42501') throw error;
    throw new StartFault(
      `The database user of ${address} may not create the role ${tenantRole}. As an administrator of that server run: create role ${tenantRole} nologin; grant ${tenantRole} to <that user>.`,
      '--database-url',
      { cause: error },
    );
  }
};

// Roles belong to the whole server, so two databases that start at once collide in ways no lock of ours prevents.
const collisions = new Set(['42710', '23505', 'XX000']);
const tolerant = async (statement: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await statement();
      return;
    } catch (error) {
      if (attempt === 5 || !collisions.has(sqlState(error) ?? '')) throw error;
    }
  }
};
