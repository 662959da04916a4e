import type { Sql } from '@gatehouse/database';
import { newId, type PersonId, type TenantId } from '@gatehouse/kernel';
import { type Principal, type TenantRole, tenantRoles } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import type { TenantSettings } from '../api/tenants.ts';
import { dormantDaysOf, toSettings } from './model.ts';

const Role = z.enum(tenantRoles);

/**
 * The role of a principal in a tenant, null where there is none or no such tenant. System administrators and the
 * operator of the machine are administrators of every tenant: they could make themselves so.
 */
export const findRole = async (tx: Sql, principal: Principal, tenantId: TenantId): Promise<TenantRole | null> => {
  const personId = principal.kind === 'person' ? principal.personId : null;
  const { rows } = await sql<{ role: unknown }>`
    select case when ${principal.systemAdministrator} then 'administrator' else p.role end as role
    from tenants t left join tenant_people p on p.tenant_id = t.tenant_id and p.person_id = ${personId}
    where t.tenant_id = ${tenantId} and t.deleted_at is null`.execute(tx);
  const role = Role.safeParse(rows[0]?.role);
  return role.success ? role.data : null;
};

export interface ListedTenant {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly role: TenantRole;
  readonly isSample: boolean;
  readonly createdAt: Date;
  readonly dormantDays: number;
}

/** The tenants that a principal may enter, by name. A system transaction: a home screen is about several tenants. */
export const listTenants = async (system: Sql, principal: Principal): Promise<readonly ListedTenant[]> => {
  const personId = principal.kind === 'person' ? principal.personId : null;
  const { rows } = await sql<Omit<ListedTenant, 'dormantDays'> & { settings: unknown }>`
    select t.tenant_id as "tenantId", t.name, t.settings, t.is_sample as "isSample", t.created_at as "createdAt",
      case when ${principal.systemAdministrator} then 'administrator' else p.role end as role
    from tenants t left join tenant_people p on p.tenant_id = t.tenant_id and p.person_id = ${personId}
    where t.deleted_at is null and (${principal.systemAdministrator} or p.role is not null)
    order by lower(t.name), t.tenant_id limit 500`.execute(system);
  return rows.map(({ settings, ...tenant }) => ({ ...tenant, dormantDays: dormantDaysOf(settings) }));
};

/** Needs a system transaction: the tenant is not there yet. Whoever makes it is its first administrator. */
export const insertTenant = async (
  system: Sql,
  tenant: { readonly name: string; readonly isSample: boolean; readonly at: Date; readonly by: Principal },
): Promise<TenantId> => {
  const tenantId = newId<TenantId>(tenant.at.getTime());
  await sql`
    insert into tenants (tenant_id, name, is_sample, created_at)
    values (${tenantId}, ${tenant.name}, ${tenant.isSample}, ${tenant.at})`.execute(system);
  if (tenant.by.kind === 'person') await saveRole(system, tenantId, tenant.by.personId, 'administrator');
  return tenantId;
};

export type Settings = z.output<typeof TenantSettings>;

export const findSettings = async (tx: Sql, tenantId: TenantId): Promise<Settings | null> => {
  const { rows } = await sql<{ name: string; owned_domains: string[]; settings: unknown }>`
    select name, owned_domains, settings from tenants where tenant_id = ${tenantId}`.execute(tx);
  return rows[0] === undefined ? null : toSettings(rows[0]);
};

export const saveSettings = async (tx: Sql, tenantId: TenantId, settings: Settings): Promise<void> => {
  const { name, ownedDomains, ...rest } = settings;
  await sql`
    update tenants set name = ${name}, owned_domains = ${ownedDomains}::text[], settings = ${JSON.stringify(rest)}::jsonb
    where tenant_id = ${tenantId}`.execute(tx);
};

/** True when this call deleted it. */
export const markTenantDeleted = async (tx: Sql, tenantId: TenantId, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update tenants set deleted_at = ${at} where tenant_id = ${tenantId} and deleted_at is null
    returning tenant_id`.execute(tx);
  // Its connections stop at once: workers look at them before they take a run.
  await sql`update connections set deleted_at = coalesce(deleted_at, ${at}), enabled = false
    where tenant_id = ${tenantId}`.execute(tx);
  return rows.length > 0;
};

export const listRoles = async (tx: Sql, tenantId: TenantId): Promise<ReadonlyMap<string, TenantRole>> => {
  const { rows } = await sql<{ personId: string; role: TenantRole }>`
    select person_id as "personId", role from tenant_people
    where tenant_id = ${tenantId} order by added_at limit 2000`.execute(tx);
  return new Map(rows.map(({ personId, role }) => [personId, role]));
};

export const saveRole = async (tx: Sql, tenantId: TenantId, personId: PersonId, role: TenantRole): Promise<void> => {
  await sql`
    insert into tenant_people (tenant_id, person_id, role) values (${tenantId}, ${personId}, ${role})
    on conflict (tenant_id, person_id) do update set role = excluded.role`.execute(tx);
};

export const removeRole = async (tx: Sql, tenantId: TenantId, personId: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from tenant_people where tenant_id = ${tenantId} and person_id = ${personId} returning person_id`.execute(
    tx,
  );
  return rows.length > 0;
};

/** Open findings by severity. */
export const countFindings = async (tx: Sql, tenantId: TenantId) => {
  const { rows } = await sql<{ critical: number; high: number; medium: number; low: number }>`
    select count(*) filter (where severity = 3)::int as critical, count(*) filter (where severity = 2)::int as high,
      count(*) filter (where severity = 1)::int as medium, count(*) filter (where severity = 0)::int as low
    from findings where tenant_id = ${tenantId} and status in ('new', 'in_progress')`.execute(tx);
  return rows[0] ?? { critical: 0, high: 0, medium: 0, low: 0 };
};
