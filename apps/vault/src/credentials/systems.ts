import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { equals, found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { System, SystemKind } from './model.ts';
import { systemColumns } from './store.ts';

export interface ListedSystem extends System {
  /** How many credentials it has. */
  readonly credentials: number;
}

const columns = sql`${systemColumns}, (select count(*)::int from credentials c where c.system_id = s.system_id) as credentials`;

export interface SystemListQuery extends PageQuery {
  readonly search?: string | undefined;
  readonly kind?: SystemKind | undefined;
  readonly setId?: string | undefined;
  readonly platformId?: string | undefined;
}

/** By name. `search` looks in names, addresses, domains, comments and asset tags. */
export const listSystems = (tx: Sql, query: SystemListQuery): Promise<PageOf<ListedSystem>> => {
  const { search, kind, setId, platformId } = query;
  const texts = [
    sql`s.name`,
    sql`s.address`,
    sql`s.domain_dns`,
    sql`s.domain_netbios`,
    sql`s.comment`,
    sql`s.asset_tag`,
  ];
  const inSet = sql`exists (select from set_systems m where m.system_id = s.system_id and m.set_id = ${setId ?? null})`;
  const where = sql`${found(search, ...texts)} and ${equals(sql`s.kind`, kind)} and ${equals(sql`s.platform_id`, platformId)} and ${setId ? inSet : sql`true`}`;
  return readPage<ListedSystem>(
    tx,
    {
      ...{ columns, from: sql`systems s`, where, order: [sql`lower(s.name)`, sql`s.kind`] },
      scope: JSON.stringify(['systems', search, kind, setId, platformId]),
    },
    query,
  );
};

export const findListedSystem = async (tx: Sql, systemId: string): Promise<ListedSystem | null> => {
  const { rows } = await sql<ListedSystem>`select ${columns} from systems s where s.system_id = ${systemId}`.execute(
    tx,
  );
  return rows[0] ?? null;
};

/** Keeps a system under its id: a new one, or in place of what it was. */
export const putSystem = async (tx: Sql, system: System, at: Date): Promise<void> => {
  const { systemId, name, address, kind, domainNetbios, domainDns, port, platformId, trust } = system;
  const { loginCredentialId, comment, assetTag } = system;
  await sql`
    insert into systems (system_id, name, address, kind, domain_netbios, domain_dns, port, platform_id, trust, login_credential_id,
      comment, asset_tag, created_at)
    values (${systemId}, ${name}, ${address}, ${kind}, ${domainNetbios}, ${domainDns}, ${port}, ${platformId}, ${[...trust]},
      ${loginCredentialId}, ${comment}, ${assetTag}, ${at})
    on conflict (system_id) do update set name = excluded.name, address = excluded.address, kind = excluded.kind,
      domain_netbios = excluded.domain_netbios, domain_dns = excluded.domain_dns, port = excluded.port,
      platform_id = excluded.platform_id, trust = excluded.trust, login_credential_id = excluded.login_credential_id, comment = excluded.comment,
      asset_tag = excluded.asset_tag`.execute(tx);
};

/** The id of the system of this name and kind, made where there is none; null where it was deleted at this moment. */
export const ensureSystem = async (
  tx: Sql,
  of: { readonly name: string; readonly kind: SystemKind; readonly namespace: string; readonly at: Date },
): Promise<string | null> => {
  const { name, kind, namespace, at } = of;
  await sql`
    insert into systems (system_id, name, kind, domain_netbios, platform_id, created_at)
    values (${newId()}, ${name}, ${kind}, ${kind === 'domain' ? namespace : null}, ${platformNamed(kind, namespace)}, ${at})
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    select system_id as id from systems where lower(name) = lower(${name}) and kind = ${kind}`.execute(tx);
  return rows[0]?.id ?? null;
};

export const deleteSystem = async (tx: Sql, systemId: string): Promise<void> => {
  await sql`delete from systems where system_id = ${systemId}`.execute(tx);
};

/** Its credentials as people name them, at most ten, and the types of all of them. */
export const listAccountsOf = async (tx: Sql, systemId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select concat(namespace, '\\', account_name) as name from credentials where system_id = ${systemId}
    order by lower(account_name), credential_id limit 10`.execute(tx);
  return rows.map(({ name }) => name);
};

export const listTypesOn = async (tx: Sql, systemId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ type: string }>`
    select distinct type from credentials where system_id = ${systemId}`.execute(tx);
  return rows.map(({ type }) => type);
};

/** The custom platform of a new system, by the namespace of its first account: `[Radio]`. An expression of SQL. */
export const platformNamed = (kind: SystemKind, namespace: string): RawBuilder<string | null> =>
  kind === 'other'
    ? sql`(select platform_id from custom_platforms where lower(name) = lower(${namespace.replace(/^\[|\]$/g, '')}))`
    : sql`null::uuid`;
