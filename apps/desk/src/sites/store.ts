import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import type { SiteSettings } from '../api/sites.ts';

export interface Site extends Omit<SiteSettings, 'clientSecret'> {
  readonly siteId: string;
  readonly sealedSecret: string;
  readonly createdAt: Date;
}

const columns = sql`site_id as "siteId", name, url, client_id as "clientId", sealed_secret as "sealedSecret",
  nullif(certificate_authorities, '') as "certificateAuthorities", created_at as "createdAt"`;

export const listSites = async (tx: Sql): Promise<readonly Site[]> => {
  const { rows } = await sql<Site>`select ${columns} from remote_sites order by lower(name) limit 1000`.execute(tx);
  return rows;
};

export const findSite = async (tx: Sql, siteId: string): Promise<Site | null> => {
  const { rows } = await sql<Site>`select ${columns} from remote_sites where site_id = ${siteId}::uuid`.execute(tx);
  return rows[0] ?? null;
};

/** Where the secret of a site belongs. */
const contextOf = (siteId: string) => ['remote-site', siteId];

export const secretOf = (sealer: Sealer, { siteId, sealedSecret }: Site): Secret =>
  sealer.open(sealedSecret, contextOf(siteId));

/** A site that is entered and not saved. */
export const toSite = (sealer: Sealer, siteId: string, settings: SiteSettings, createdAt: Date): Site => {
  const { clientSecret, ...rest } = settings;
  return { ...rest, siteId, sealedSecret: sealer.seal(clientSecret, contextOf(siteId)), createdAt };
};

export const saveSite = async (
  tx: Sql,
  sealer: Sealer,
  siteId: string,
  settings: SiteSettings,
  at: Date,
): Promise<void> => {
  const { name, url, clientId, sealedSecret, certificateAuthorities } = toSite(sealer, siteId, settings, at);
  await sql`
    insert into remote_sites as s (site_id, name, url, client_id, sealed_secret, certificate_authorities, created_at)
    values (${siteId}, ${name}, ${url}, ${clientId}, ${sealedSecret}, ${certificateAuthorities ?? ''}, ${at})
    on conflict (site_id) do update set name = excluded.name, url = excluded.url, client_id = excluded.client_id,
      sealed_secret = excluded.sealed_secret, certificate_authorities = excluded.certificate_authorities`.execute(tx);
};

/** False: there is none. */
export const deleteSite = async (tx: Sql, siteId: string): Promise<boolean> => {
  const { rows } = await sql`delete from remote_sites where site_id = ${siteId}::uuid returning site_id`.execute(tx);
  return rows.length > 0;
};

/** Some of the connections that need it. */
export const namesOfConnections = async (tx: Sql, siteId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select name from desk_connections where site_id = ${siteId}::uuid order by lower(name) limit 3`.execute(tx);
  return rows.map(({ name }) => name);
};
