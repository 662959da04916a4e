import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';
import { type Directory, directoryColumns } from './directories.ts';

/** By NetBIOS name. */
export const listDirectories = (tx: Sql, query: PageQuery): Promise<PageOf<Directory>> =>
  readPage<Directory>(
    tx,
    {
      ...{ columns: directoryColumns, from: sql`directories`, where: sql`true` },
      ...{ order: [sql`lower(netbios_name)`], scope: 'directories' },
    },
    query,
  );

export const findDirectory = async (tx: Sql, directoryId: string): Promise<Directory | null> => {
  const { rows } = await sql<Directory>`
    select ${directoryColumns} from directories where directory_id = ${directoryId}`.execute(tx);
  return rows[0] ?? null;
};

/** Keeps a domain under its id: a new one, or in place of what it was. */
export const putDirectory = async (tx: Sql, directory: Directory, at: Date): Promise<void> => {
  const { directoryId, netbiosName, dnsName, controllers, certificateAuthorities, bindName, bindSecretId } = directory;
  await sql`
    insert into directories (directory_id, netbios_name, dns_name, controllers, certificate_authorities, bind_name,
      bind_secret_id, created_at)
    values (${directoryId}, ${netbiosName}, ${dnsName}, ${[...controllers]}, ${certificateAuthorities}, ${bindName},
      ${bindSecretId}, ${at})
    on conflict (directory_id) do update set netbios_name = excluded.netbios_name, dns_name = excluded.dns_name,
      controllers = excluded.controllers, certificate_authorities = excluded.certificate_authorities,
      bind_name = excluded.bind_name, bind_secret_id = excluded.bind_secret_id`.execute(tx);
};

export const deleteDirectory = async (tx: Sql, directoryId: string): Promise<void> => {
  await sql`delete from directories where directory_id = ${directoryId}`.execute(tx);
};

/** Identities that are accounts or groups of it: at most ten, and how many there are. */
export const listUsesOfDirectory = async (
  tx: Sql,
  netbiosName: string,
): Promise<{ readonly names: readonly string[]; readonly count: number }> => {
  const { rows } = await sql<{ name: string; count: number }>`
    select name, (count(*) over ())::int as count from identities
    where kind in ('domain_user', 'domain_group') and lower(split_part(name, '\\', 1)) = lower(${netbiosName})
    order by lower(name) limit 10`.execute(tx);
  return { names: rows.map(({ name }) => name), count: rows[0]?.count ?? 0 };
};
